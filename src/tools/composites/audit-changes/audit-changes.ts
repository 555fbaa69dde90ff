/** `audit_finexio_counterparty_changes`: who changed what, when, and which payments followed a risky change. */
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import { RISK_KINDS } from '../../../../schemas/meaning.ts'
import { nearest } from '../../../core/text.ts'
import { plural } from '../../../core/words.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, toolName, withNulls } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { type Names, partyNames } from '../../reading/parties.ts'
import { endOf } from '../../reading/range.ts'
import { newReading, stopWords } from '../../reading/reading.ts'
import {
  counted,
  ending,
  report,
  reported,
  rows,
  scopeWords,
  shownNote,
  tableOf,
} from '../../reading/report.ts'
import { type Change, isField, stateAt } from '../../reading/timeline.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import type { Suspicion } from './after-change.ts'
import {
  type AuditArgs,
  auditInput,
  type FoundChanges,
  fieldsOf,
  findChanges,
  paymentsFollowing,
} from './find-changes.ts'

// What an audit of changes answers: rows, the state at a moment, and notes about them. Pure.

const changeRow = (change: Change, names: Names): Row =>
  present({
    timestamp: change.timestamp,
    actor: change.actor,
    remote_addr: change.address,
    action: change.action,
    object_id: change.object_id,
    name: names.get(change.object_id) ?? null,
    field: change.field,
    before: change.before,
    after: change.after,
    risk: change.risk,
    directs_money: change.directsMoney,
  })

const suspicionRow = ({ changes, payment, days }: Suspicion, names: Names): Row => {
  const latest = changes[0]!
  return present({
    payment_id: payment.id,
    ...withNulls(payment, ['amount_cents', 'status', 'created']),
    days_after: days,
    risks: [...new Set(changes.map(({ risk }) => risk))].join(' '),
    changed: latest.timestamp,
    actor: latest.actor,
    object_id: latest.object_id,
    name: names.get(latest.object_id) ?? null,
  })
}

/** The record as it was at the end of `state_at`; null unless one party's state was asked for. */
const stateOf = (all: readonly Change[], args: AuditArgs): Row | null => {
  const { state_at } = args
  if (state_at === undefined) return null
  const wanted = all.filter((change) => isField(fieldsOf(args), change))
  // Masked change by change, since only the field's name says whether a number is an account number.
  const shown = wanted.map((change): Change => {
    const { before, after } = present({ field: change.field, before: change.before, after: change.after })
    return { ...change, before, after }
  })
  return stateAt(shown, timeOf(endOf(state_at))!)
}

const riskyOf = (changes: readonly Change[]): Change[] => changes.filter(({ risk }) => risk !== null)

const headOf = (changes: readonly Change[], suspicions: readonly Suspicion[], days: number): string =>
  `${counted(changes.length, 'changed field')}, ${riskyOf(changes).length} of a risky kind (${RISK_KINDS.join(', ')}); ${counted(suspicions.length, 'payment')} followed within ${plural(days, 'day')} of one. risk names these kinds; directs_money is wider: every field that counts as a change of a payee.`

const MOST_FIELDS = 20

/** A misspelt field and one that never changed look alike: nothing. */
const fieldNote = (all: readonly Change[], args: AuditArgs): string | false => {
  const strange = fieldsOf(args).filter((field) => !all.some((change) => isField([field], change)))
  const [field] = strange
  if (field === undefined || all.length === 0) return false
  const known = [...new Set(all.map((change) => change.field))]
  const near = nearest(field, [...RISK_KINDS, ...known])
  const advice = near ? ` Did you mean ${JSON.stringify(near)}?` : ''
  return `No change of a field called ${strange.map((one) => JSON.stringify(one)).join(' or ')} was read.${advice} Fields that changed: ${known.slice(0, MOST_FIELDS).join(', ')}${known.length > MOST_FIELDS ? ', …' : ''}.`
}

const undatedNote = (changes: readonly Change[]): string | false => {
  const undated = changes.filter(({ at }) => at === null).length
  return (
    undated > 0 &&
    `${counted(undated, 'change')} without a readable time: listed last, and possibly outside the range.`
  )
}

const UNRECORDED = 'state_at is earlier than the first entry: what was there before is not recorded.'

const isBeforeAll = (all: readonly Change[], { state_at }: AuditArgs) =>
  state_at !== undefined && (all.at(-1)?.at ?? 0) > timeOf(endOf(state_at))!

const UNKNOWN =
  'The change log has no entry of this buyer or supplier: either the log is not whole, or the id is not that of a buyer or supplier.'

const changeNotes = (
  { whole, all, changes, firstCount }: FoundChanges,
  args: AuditArgs,
): (string | false)[] => [
  whole.rows.length === 0 && (args.object_id ?? args.internal_id ?? args.name) !== undefined && UNKNOWN,
  firstCount > 0 && `${counted(firstCount, 'first value')} of records left out; include_created shows them.`,
  fieldNote(all, args),
  undatedNote(changes),
  isBeforeAll(all, args) && UNRECORDED,
]

const MOST_REQUESTS = 60

const run = async (args: AuditArgs, context: ToolContext): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const found = await findChanges(reading, args)
  const { whole, all, changes } = found
  const { suspicions, lack } = await paymentsFollowing(reading, riskyOf(changes), args.days)
  const stopBefore = stopWords(reading)
  const shown = changes.slice(0, args.limit)
  const shownPayments = suspicions.slice(0, args.limit)
  const names = await partyNames(reading, [
    ...shown.map(({ object_id }) => object_id),
    ...shownPayments.map(({ changes: [latest] }) => latest?.object_id),
  ])
  const structured = {
    result: shown.map((change) => changeRow(change, names)),
    result_count: shown.length,
    changes_count: changes.length,
    risky_count: riskyOf(changes).length,
    payments_after: shownPayments.map((suspicion) => suspicionRow(suspicion, names)),
    payments_after_count: suspicions.length,
    /** How long after a change a payment counts as one that followed. */
    days: args.days,
    state: stateOf(all, args),
    ...ending(
      reading,
      { whole, stop: found.stop, noun: 'change-log row', means: 'Further changes may be missing.' },
      [
        lack,
        ...changeNotes(found, args),
        shownNote(shown.length, changes.length, 'changes, the newest,'),
        shownNote(shownPayments.length, suspicions.length, 'payments'),
      ],
      stopBefore,
    ),
  }
  const head = `${scopeWords(whole, null)}${headOf(changes, suspicions, args.days)}`
  const { result, payments_after, state } = structured
  const tables = [
    tableOf(`Payments within ${plural(args.days, 'day')} of a risky change`, payments_after),
    tableOf('State at that time', state ? [state] : []),
    tableOf('Changes, newest first', result),
  ]
  return report(head, tables, structured, context)
}

export const auditChanges = defineTool({
  name: 'audit_finexio_counterparty_changes',
  title: 'Audit changes of buyers and suppliers',
  description:
    'Who changed which field of buyers and suppliers (bank account, address, e-mail …), when; payments soon after risky changes; the state of one party at a date.',
  resource: 'counterparty_history',
  method: 'audit',
  effect: 'read',
  needs: [toolName(counterpartyHistory, 'list')],
  input: auditInput,
  output: reported({ result: rows, payments_after: rows }),
  run,
})
