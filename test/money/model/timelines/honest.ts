/** What honest clerks do: suppliers that nobody changed are paid at once, whatever happens beside them. */
import fc from 'fast-check'
import type { Fields } from '../finexio/parties.ts'
import type { Step, Timeline } from './types.ts'

const IDS = ['sup_1', 'sup_2', 'sup_3', 'sup_4', 'sup_5', 'sup_6']
/** Changed by some step; all others stay as they are. */
const CHANGED = 'sup_9'

const pay: fc.Arbitrary<Step> = fc
  .record({
    ids: fc.subarray(IDS, { minLength: 1, maxLength: 4 }),
    by: fc.constantFrom<'id' | 'reference'>('id', 'id', 'reference'),
  })
  .map(({ ids, by }): Step => ({ do: 'pay', ids, by, waits: false }))
/** As an agent asks and another person agrees. */
const waits: fc.Arbitrary<Step[]> = fc
  .record({ ids: fc.subarray(IDS, { minLength: 1, maxLength: 3 }), seconds: fc.constantFrom(60, 14_400) })
  .map(({ ids, seconds }) => [
    { do: 'pay', ids, by: 'id', waits: true },
    { do: 'wait', seconds },
    { do: 'approve' },
  ])
const harmless: fc.Arbitrary<Step> = fc
  .record({
    id: fc.constantFrom(...IDS),
    fields: fc.constantFrom<Fields>(
      { payment_terms: 45 },
      { notes: 'Called on Monday.' },
      { payment_terms: 10, notes: 'x' },
    ),
    portal: fc.boolean(),
  })
  .map(
    ({ id, fields, portal }): Step =>
      portal ? { do: 'portal', id, fields } : { do: 'agent', by: 'patch', id, fields },
  )
const beside: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  { do: 'portal', id: CHANGED, fields: { bank_account_number: '777001' } },
  { do: 'portal', id: CHANGED, fields: { name: 'Merged Supplies' } },
  { do: 'agent', by: 'patch', id: CHANGED, fields: { remit_email: 'new@merged.example' } },
  { do: 'call back', id: CHANGED, number: 'before' },
  { do: 'pay', ids: [CHANGED], by: 'id', waits: false },
)
const wait: fc.Arbitrary<Step> = fc
  .constantFrom(60, 900, 14_400, 86_400)
  .map((seconds) => ({ do: 'wait', seconds }))
const step = fc.oneof(
  { weight: 6, arbitrary: pay },
  { weight: 2, arbitrary: harmless },
  { weight: 2, arbitrary: beside },
  { weight: 3, arbitrary: wait },
)

export const honest: fc.Arbitrary<Timeline> = fc
  .record({
    bank: fc.constantFrom<'shown' | 'masked' | 'absent'>('shown', 'masked', 'absent'),
    openapi: fc.boolean(),
    late: fc.constantFrom(0, 0, 3),
    steps: fc.array(step, { minLength: 4, maxLength: 10 }),
    approved: fc.option(waits, { nil: [], freq: 1 }),
  })
  .map(({ bank, openapi, late, steps, approved }) => ({
    name: 'honest',
    bank,
    openapi,
    known: [...IDS, CHANGED].map((id, at) => [id, 95 + at * 10] as [string, number]),
    steps: [...(late > 0 ? [{ do: 'late', minutes: late } as Step] : []), ...steps, ...approved],
  }))
export const isUnchanged = (id: string): boolean => IDS.includes(id)
