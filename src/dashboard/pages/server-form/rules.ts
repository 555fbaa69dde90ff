/** The money rules of a configuration in words. Pure. */

import { dollars } from '../../../core/money.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'
import { grouped, plural } from '../../format.ts'
import { choiceRules } from './choices.ts'
import { LIMITS } from './values.ts'

type Rule = [label: string, value: string]

const approvalWords = (approval: ServerConfig['approval']): string => {
  if (approval === undefined) return 'as the account says'
  if (approval === 'none') return 'not asked for'
  return approval === 'always' ? 'every write' : `over ${dollars(approval.over_cents)}`
}

const CARE = { approve: 'asks for approval', refuse: 'refused' } as const

const limitWords = ({ cents, count }: { cents?: number; count?: number }): string =>
  [cents !== undefined && dollars(cents), count !== undefined && plural(count, 'payment')]
    .filter(Boolean)
    .join(', ')

const limitRules = (limits: ServerConfig['limits'] = {}): Rule[] =>
  LIMITS.flatMap(({ key, label }): Rule[] => (limits[key] ? [[label, limitWords(limits[key])]] : []))

const CONFIRMATION =
  'a form that the client’s own side answers may replace the approval: it guards against slips, not against the agent, and does not count where every write waits'

/** Only what is set. */
export const rulesOf = ({
  approval,
  approval_door,
  limits,
  first_payment,
  changed_supplier,
  allowed_suppliers,
  allowed_buyers,
  fixed,
  ...more
}: ServerConfig): Rule[] => [
  ...(approval === undefined ? [] : [['Approval', approvalWords(approval)] as Rule]),
  ...(approval_door === 'confirm' ? [['Confirmation', CONFIRMATION] as Rule] : []),
  ...limitRules(limits),
  ...(first_payment ? [['First payments', CARE[first_payment]] as Rule] : []),
  ...(changed_supplier
    ? [
        [
          'Changed suppliers',
          `${CARE[changed_supplier.action]} for ${plural(changed_supplier.days, 'day')}`,
        ] as Rule,
      ]
    : []),
  ...(allowed_suppliers
    ? [['Suppliers', `only ${grouped(allowed_suppliers.length)} named ones`] as Rule]
    : []),
  ...(allowed_buyers ? [['Buyers', `only ${grouped(allowed_buyers.length)} named ones`] as Rule] : []),
  ...choiceRules(more),
  ...(fixed ? [['Fixed arguments', Object.keys(fixed).join(', ')] as Rule] : []),
]
