/** Attacks out of section 11: each a way to have money sent where nobody vouched for. */
import fc from 'fast-check'
import type { Contact, Fields } from '../finexio/parties.ts'
import type { Step, Timeline } from './types.ts'

const VICTIM = 'sup_1'
const OTHER = 'sup_2'
const BANK: Fields = { bank_account_number: '66600001', bank_routing_number: '021000021' }
const OLD_BANK: Fields = { bank_account_number: '10000001', bank_routing_number: '021000021' }
const CARD: Fields = { payment_method: 'Card', delivery_method: 'Email', remit_email: 'pay@thief.example' }
const ADDRESS: Fields = { remit_address_1: '9 Thief Lane', care_of: 'Thief LLC' }
const NAME: Fields = { name: 'Thief Holdings' }
const MAIL: Fields = { remit_email: 'pay@thief.example' }
const PHONE: Fields = { corporate_phone_number: '555-6666' }
const SWITCH: Fields = { internal_payments: true }
const thief: Contact = {
  external_reference_id: 'C-thief',
  name: 'Thief',
  email: 'pay@thief.example',
  phone: '555-6666',
  primary: true,
}

const fields = fc.constantFrom(BANK, CARD, ADDRESS, NAME, MAIL, SWITCH)
const minutes = fc.constantFrom(1, 2, 11, 61, 24 * 60)
const wait = (time: number): Step => ({ do: 'wait', seconds: time * 60 })
const pay = (...ids: string[]): Step => ({ do: 'pay', ids, by: 'id', waits: false })
const tool = fc.constantFrom<'patch' | 'put' | 'counterparty patch' | 'counterparty put'>(
  'patch',
  'put',
  'counterparty patch',
  'counterparty put',
)

type Draw = {
  change: Fields
  gap: number
  later: number
  by: 'patch' | 'put' | 'counterparty patch' | 'counterparty put'
  late: number
}
const agent = ({ by, change }: Draw): Step => ({ do: 'agent', by, id: VICTIM, fields: change })
const portal = ({ change }: Draw): Step => ({ do: 'portal', id: VICTIM, fields: change })
const present: Step = { do: 'call back', id: VICTIM, number: 'present' }

/** Steps by the name of the attack. */
const ATTACKS: Record<string, (draw: Draw) => Step[]> = {
  'changed by the agent, then paid': (draw) => [agent(draw), wait(draw.gap), pay(VICTIM)],
  'changed by the agent, which a person approves, then paid': (draw) => [
    agent(draw),
    { do: 'approve' },
    wait(draw.gap),
    pay(VICTIM),
  ],
  'changed in the portal, then paid': (draw) => [portal(draw), wait(draw.gap), pay(VICTIM)],
  'changed and put back': (draw) => [
    { do: 'portal', id: VICTIM, fields: BANK },
    wait(draw.gap),
    { do: 'portal', id: VICTIM, fields: OLD_BANK },
    wait(draw.later),
    pay(VICTIM),
  ],
  'put back by a replacement': (draw) => [
    { do: 'agent', by: 'patch', id: VICTIM, fields: BANK },
    wait(draw.gap),
    { do: 'agent', by: draw.by, id: VICTIM, fields: OLD_BANK },
    pay(VICTIM),
  ],
  'contact first': (draw) => [
    { do: 'portal', id: VICTIM, fields: PHONE },
    { do: 'portal contact', id: VICTIM, contacts: [thief] },
    wait(draw.gap),
    present,
    { do: 'portal', id: VICTIM, fields: BANK },
    wait(draw.later),
    present,
    pay(VICTIM),
  ],
  'contact and bank together, called on the new number': (draw) => [
    { do: 'agent', by: draw.by, id: VICTIM, fields: { ...PHONE, ...BANK } },
    wait(draw.gap),
    present,
    pay(VICTIM),
  ],
  'a contact is added': (draw) => [
    { do: 'agent contact', by: 'add', id: VICTIM, contact: thief },
    wait(draw.gap),
    pay(VICTIM),
  ],
  'a contact is replaced': (draw) => [
    {
      do: 'agent contact',
      by: 'put',
      id: VICTIM,
      contact: { ...thief, external_reference_id: `C-${VICTIM}` },
    },
    wait(draw.gap),
    pay(VICTIM),
  ],
  'contacts change in the portal': (draw) => [
    { do: 'portal contact', id: VICTIM, contacts: [thief] },
    wait(draw.gap),
    pay(VICTIM),
  ],
  'references swapped, paid by reference': (draw) => [
    { do: 'agent', by: draw.by, id: OTHER, fields: { external_reference_id: 'REF-tmp' } },
    { do: 'agent', by: draw.by, id: VICTIM, fields: { external_reference_id: `REF-${OTHER}` } },
    { do: 'agent', by: draw.by, id: OTHER, fields: { external_reference_id: `REF-${VICTIM}` } },
    wait(draw.gap),
    { do: 'pay', ids: [VICTIM], by: 'reference', waits: false },
  ],
  'references swapped in the portal': (draw) => [
    { do: 'portal', id: OTHER, fields: { external_reference_id: `REF-${VICTIM}` } },
    { do: 'portal', id: VICTIM, fields: { external_reference_id: `REF-${OTHER}` } },
    wait(draw.gap),
    { do: 'pay', ids: [VICTIM], by: 'reference', waits: false },
  ],
  'changed while a draft waits': (draw) => [
    { do: 'pay', ids: [VICTIM], by: 'id', waits: true },
    wait(draw.gap),
    portal(draw),
    wait(draw.later),
    { do: 'approve' },
  ],
  'changed by the agent while a draft waits, and put back': (draw) => [
    { do: 'pay', ids: [VICTIM], by: 'id', waits: true },
    { do: 'agent', by: 'patch', id: VICTIM, fields: BANK },
    wait(draw.gap),
    { do: 'agent', by: 'patch', id: VICTIM, fields: OLD_BANK },
    { do: 'approve' },
  ],
  'changed while it is looked at': ({ change }) => [{ do: 'race', id: VICTIM, fields: change }],
  'history late by minutes': (draw) => [
    { do: 'late', minutes: draw.late },
    portal(draw),
    wait(draw.late + 1),
    pay(VICTIM),
  ],
  'history late, changed and put back': (draw) => [
    { do: 'late', minutes: draw.late },
    { do: 'portal', id: VICTIM, fields: BANK },
    wait(1),
    { do: 'portal', id: VICTIM, fields: OLD_BANK },
    wait(draw.late + 1),
    pay(VICTIM),
  ],
  'one of a batch': (draw) => [portal(draw), wait(draw.gap), pay('sup_3', VICTIM, 'sup_4')],
  'paid, then changed while it is unpaid': (draw) => [
    pay(VICTIM),
    wait(draw.gap),
    portal(draw),
    wait(draw.later),
    pay(VICTIM),
  ],
  'vouched for, then changed again': (draw) => [
    { do: 'portal', id: VICTIM, fields: ADDRESS },
    { do: 'call back', id: VICTIM, number: 'before' },
    wait(draw.gap),
    { do: 'portal', id: VICTIM, fields: BANK },
    wait(draw.later),
    pay(VICTIM),
  ],
  'the present is accepted after the change': (draw) => [
    portal(draw),
    wait(draw.gap),
    { do: 'accept' },
    pay(VICTIM),
  ],
}
export const attacks: fc.Arbitrary<Timeline> = fc
  .record({
    name: fc.constantFrom(...Object.keys(ATTACKS)),
    change: fields,
    gap: minutes,
    later: minutes,
    by: tool,
    late: fc.constantFrom(2, 5, 20),
    bank: fc.constantFrom<'shown' | 'masked' | 'absent'>('shown', 'masked', 'absent'),
    openapi: fc.boolean(),
  })
  .map(({ name, bank, openapi, ...draw }) => ({
    name,
    bank,
    openapi,
    known: [
      [VICTIM, 100],
      [OTHER, 100],
      ['sup_3', 100],
      ['sup_4', 120],
    ],
    steps: ATTACKS[name]!(draw),
  }))

export const attackCount = Object.keys(ATTACKS).length
