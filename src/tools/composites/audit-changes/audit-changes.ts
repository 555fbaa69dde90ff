/** `audit_finexio_counterparty_changes`: who changed what, when, and which payments followed a risky change. */
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import { toolName } from '../../derived/name.ts'
import type { Row } from '../../derived/request.ts'
import { isPartial, listNotes, namesNote, noted, scopeWords, shownNote } from '../../reading/notes.ts'
import { partyNames } from '../../reading/parties.ts'
import { newReading, stopWords } from '../../reading/reading.ts'
import { report, reported, rows, tableOf } from '../../reading/report.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { changeNotes, changeRow, headOf, riskyOf, stateOf, suspicionRow } from './changes-answer.ts'
import { type AuditArgs, auditInput, findChanges, paymentsFollowing } from './find-changes.ts'

const MOST_REQUESTS = 60

type Tables = { result: Row[]; payments_after: Row[]; state: Row | null }

const tablesOf = ({ result, payments_after, state }: Tables) => [
  tableOf('Payments soon after a risky change', payments_after),
  tableOf('State at that time', state ? [state] : []),
  tableOf('Changes, newest first', result),
]

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
    state: stateOf(all, args),
    requests: reading.requests,
    is_partial_response: isPartial(whole, reading),
    ...noted([
      ...listNotes(whole, found.stop, 'change-log row', 'Further changes may be missing.'),
      lack,
      ...changeNotes(found, args),
      shownNote(shown.length, changes.length, 'changes, the newest,'),
      shownNote(shownPayments.length, suspicions.length, 'payments'),
      namesNote(reading, stopBefore),
    ]),
  }
  const head = `${scopeWords(whole, null)}${headOf(changes, suspicions)}`
  return report(head, tablesOf(structured), structured, context)
}

export const auditChanges = defineTool({
  name: 'audit_finexio_counterparty_changes',
  title: 'Audit changes of buyers and suppliers',
  description:
    'Change log of buyers and suppliers as a timeline by field; risky changes (bank account, payment method, address, e-mail) and the payments soon after them; the state of one party at a date.',
  resource: 'counterparty_history',
  method: 'audit',
  effect: 'read',
  needs: [toolName(counterpartyHistory, 'list')],
  input: auditInput,
  output: reported({ result: rows, payments_after: rows }),
  run,
})
