/** Words on which models and people stumbled at commit b8f2a26. */
import { describe, expect, test } from 'vitest'
import { INSTRUCTIONS } from '../../src/mcp/content/instructions.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { finexioOf } from './composites/world.ts'
import { callWith, envelope } from './fake-finexio.ts'
import { listed } from './listed.ts'

describe('D20: what Finexio does not hold is said', () => {
  test.each([
    'approvers',
    'PO matching',
    'discount terms',
    'credits',
    'wire references',
    'replacements of reissues',
    'webhook deliveries',
  ])('once in the instructions: %s', (words) => {
    expect(INSTRUCTIONS).toMatch(new RegExp(`Finexio holds no [^.]*${words}`))
  })

  test('where it is asked: no webhooks', async () => {
    const { text, data } = await callWith('list_all_finexio_webhooks', {}, () => envelope([]))
    expect(text).toContain(
      '0 webhooks. No more pages. No webhook is set up, so nothing is delivered; Finexio keeps no list of deliveries either.',
    )
    expect(data.note).toBeDefined()
    const some = await callWith('list_all_finexio_webhooks', {}, () => envelope([{ id: 'w1' }]))
    expect(some.data.note).toBeUndefined()
  })
})

test('D24: how funding_drawdown_request_id and processor_request_id hang together', () => {
  const tool = listed(catalogue.find(({ name }) => name === 'get_single_finexio_payment_by_id')!)
  expect(JSON.stringify(tool.outputSchema)).toContain(
    'No processor_request_id: list_all_finexio_drawdowns finds that by tracking_id.',
  )
})

describe('D25: of a reissued payment nobody can find the replacement', () => {
  const REISSUED = { id: 'p1', status: 'failed', events: [] }
  const world = (more: object) => finexioOf({ payments: [{ ...REISSUED, ...more }] })
  test.each([
    ['get_single_finexio_payment_by_id', { id: 'p1' }, { reissue_timestamp: '2026-11-05T00:00:00' }],
    ['list_all_finexio_payments', { fields: ['*'] }, { reissue_payment_method: 'ach' }],
    ['list_all_finexio_payments', { fields: ['id', 'reissue_reason'] }, { reissue_reason: 'Lost' }],
    ['list_all_finexio_payments', { fields: ['id', 'reissued'] }, { reissue_reason: 'Lost' }],
  ])('%s %j says so', async (tool, args, more) => {
    const { data, text } = await callWith(tool, args, world(more))
    expect(data.note).toContain('not which payment replaced this one')
    expect(text).toContain('not which payment replaced this one')
    const plain = await callWith(tool, args, world({}))
    expect(plain.text).not.toContain('replaced')
  })
})
