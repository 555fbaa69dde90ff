/** Both tables against product and sandbox, over HTTP. */
import { randomUUID } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { sheets } from './sheets/index.ts'
import { wrongWith } from './sheets/types.ts'
import { siblings } from './siblings/index.ts'
import { openPlace, type Running } from './siblings/place.ts'

const running = inject('stack') as Running

describe('sheets', async () => {
  const place = await openPlace(running, 'demo')
  test.each(sheets.map((sheet) => [`${sheet.like} ${sheet.name}`, sheet] as const))(
    '%s',
    async (_, sheet) => {
      expect(wrongWith(sheet, await place.call('prepare_finexio_invoices', sheet.args))).toBeNull()
    },
  )
})

describe('siblings', async () => {
  const place = await openPlace(running, `t-${randomUUID()}`)
  test.each(siblings.map((one) => [`${one.like} ${one.input}: ${one.right}`, one] as const))(
    '%s',
    async (_, one) => {
      await place.calm()
      expect(await one.wrong(place)).toBeNull()
    },
  )
})
