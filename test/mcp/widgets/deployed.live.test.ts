/** Cards as a client gets them: out of the files that are deployed beside the Worker, which nobody else hands out. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { ASSETS } from '../../../scripts/assets/build.ts'
import { cards, fileOf, uriOf } from '../../../src/tools/cards.ts'
import { newTenant } from '../../support/tenant.ts'
import { legacy, modern } from '../fake.ts'

test('every card is read as the file that it is, in both eras', async () => {
  const url = await (await newTenant(inject('stack'))).serve({ methods: ['read'] })
  for (const card of cards) {
    const uri = uriOf(card)
    const text = readFileSync(join(ASSETS, fileOf(card)), 'utf8')
    for (const init of [
      legacy('resources/read', { uri }),
      modern('resources/read', { uri }, { 'mcp-name': uri }),
    ]) {
      const { result } = (await (await fetch(url, init)).json()) as {
        result: { contents: { text: string }[] }
      }
      expect(result.contents.map((one) => one.text)).toEqual([text])
    }
  }
})

test.each(cards)('the file of $name is at no address of its own', async (card) => {
  const { baseUrl } = inject('stack')
  for (const path of [fileOf(card), `assets/${fileOf(card)}`, `dashboard/assets/${card.name}.html`])
    expect((await fetch(`${baseUrl}/${path}`, { redirect: 'manual' })).status, path).not.toBe(200)
})
