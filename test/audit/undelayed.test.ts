/** No call waits for the trail: the answer is there while the row is still being written, or never will be. */
import { expect, test } from 'vitest'
import { dependencies, legacy, letIn, modern, send } from '../mcp/fake.ts'

const calls = [
  ['an ordinary call', legacy('tools/call', { name: 'echo', arguments: { a: 1 } })],
  ['a call of 2026', modern('tools/call', { name: 'echo', arguments: { a: 1 } })],
  [
    'a call that the SDK answers',
    legacy('tools/call', { name: 'echo', arguments: { a: 1 }, _meta: { progressToken: 1 } }),
  ],
] as const

test.each(calls)('%s is answered before its row is written', async (_, init) => {
  let finish = () => {}
  const written = new Promise<void>((resolve) => {
    finish = resolve
  })
  let recorded = 0
  const record = async () => {
    recorded++
    await written
  }
  const response = await send(init, { deps: { ...dependencies(undefined, letIn()), record } })
  expect(await response.text()).toContain('"a":1')
  await expect.poll(() => recorded).toBe(1)
  finish()
})
