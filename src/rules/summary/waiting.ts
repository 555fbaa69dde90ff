/** What of an MCP server waits for another person, in a sentence: the same rules as `approval.ts` decides by. Pure. */
import { dollars } from '../../core/money.ts'
import { plural } from '../../core/words.ts'
import type { ServerConfig } from '../server-settings.ts'
import { type Around, isNobody } from './reach.ts'

const ofInvoices = ({ approval, first_payment, changed_supplier, payees, duplicate_guard }: ServerConfig) => [
  ...(typeof approval === 'object'
    ? [`more than ${dollars(approval.over_cents)} in one call, or to one supplier within 24 hours`]
    : []),
  ...(first_payment === 'approve' ? ['a first payment to a supplier'] : []),
  ...(changed_supplier?.action === 'approve'
    ? [`a payment to a supplier whose payment details changed within ${plural(changed_supplier.days, 'day')}`]
    : []),
  ...(payees === 'verified' ? ['a payment to a supplier that nobody verified'] : []),
  ...(typeof approval === 'object' && duplicate_guard?.requests !== 0
    ? ['what could not be checked for duplicates']
    : []),
]

const ofParties = ({ approval, first_payment, changed_supplier, payees }: ServerConfig): string[] => {
  if (typeof approval === 'object') return ['whatever changes how somebody is paid']
  const cares = (first_payment ?? changed_supplier ?? payees) !== undefined
  return cares ? ['a change of how somebody is paid while money is under way to them'] : []
}

const FORM =
  'A form that the agent’s own side answers may stand in for that person: it guards against slips, not against the agent.'
const NOT_FOR_UNVERIFIED = 'It does not stand in where nobody verified the supplier.'

const formWords = ({ approval_door, payees }: ServerConfig, pays: boolean): string[] => {
  if (approval_door !== 'confirm') return []
  return payees === 'verified' && pays ? [FORM, NOT_FOR_UNVERIFIED] : [FORM]
}

/** @param config as it applies */
export const waiting = (config: ServerConfig, { pays, parties }: Around): string[] => {
  if (config.approval === 'always') return ['Every write waits for another person.']
  const submits = pays && !isNobody(config)
  const things = [...(submits ? ofInvoices(config) : []), ...(parties.size > 0 ? ofParties(config) : [])]
  if (things.length === 0) return ['Nothing waits for another person.']
  return [
    `Waits for another person: ${things.join('; ')}.`,
    'The rest goes at once.',
    ...formWords(config, submits),
  ]
}
