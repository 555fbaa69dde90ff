/** A draft as the API answers it: in lists without what is sealed, by its id with all that a decision needs. */
import * as z from 'zod'
import type { StoredDraft } from '../../account/tables/drafts/drafts.ts'
import { isObject } from '../../core/json.ts'
import { decimalOf } from '../../core/money.ts'
import { oneLine } from '../../core/text.ts'
import { DRAFT_MS, DRAFT_STATES } from '../../rules/drafts.ts'
import type { SameDraft } from '../../rules/write-contract.ts'
import type { Findings } from '../../tools/writing/findings.ts'
import type { ShownPage } from '../../tools/writing/shown-draft.ts'
import { isoOf, maybeText, time, uuid } from '../answers.ts'
import { PayeeEntry } from '../payees/shared.ts'

const total = maybeText

const Payment = z.object({
  id: z.string(),
  created: time.nullable(),
  amount_cents: z.int().nullable(),
  amount: total,
  status: z.string().describe('Its state at Finexio.'),
  money: z.string().describe('stayed, under_way, bounced, refunded or unknown.'),
})

const PayeeFindings = z.object({
  id: z.string(),
  name: maybeText.describe('null: it could not be read.'),
  payments: z
    .array(Payment)
    .nullable()
    .describe('The last five, newest first; null: they could not be read.'),
  open: z
    .object({ count: z.int(), cents: z.int(), total, payments: z.array(Payment).describe('The payments.') })
    .nullable()
    .describe('Payments under way, five of them at most; null: they could not be read.'),
  usual: z
    .object({
      count: z.int(),
      median_cents: z.int().describe('The median, in US cents.'),
      median: total.describe('The median, in words.'),
      largest_cents: z.int().describe('The largest one, in US cents.'),
      largest: total.describe('The largest one, in words.'),
    })
    .nullable()
    .describe('Of payments that stayed or are under way; null: fewer than three were read.'),
  unusual: z
    .array(z.object({ kind: z.string(), words: z.string().describe('In a sentence.') }))
    .describe('What is out of the ordinary.'),
  call_back: PayeeEntry.nullable().describe(
    'Where payees have to be verified: who vouched. null: nobody has to.',
  ),
})

const FindingsAnswer = z.object({
  read_at: time.describe('When it was read.'),
  reach: z.string().describe('How far was read, in a sentence.'),
  could_not: maybeText.describe('Why something is missing; null: nothing is.'),
  payees: z.array(PayeeFindings).describe('By supplier.'),
  more_payees: z.int().describe('Suppliers that were not looked at.'),
})

export const ApprovalAnswer = z
  .object({
    id: z.string(),
    integrated_account_id: uuid,
    mcp_server_id: uuid,
    mcp_server_name: z.string(),
    tool: z.string(),
    effect: z.enum(['write', 'money']),
    state: z.enum(DRAFT_STATES),
    reasons: z.array(z.looseObject({ kind: z.string() })).describe('Why a person has to agree.'),
    summary: z
      .object({
        count: z.int(),
        total_cents: z.int(),
        total,
        suppliers: z
          .array(
            z.object({
              id: z.string(),
              name: maybeText.describe('null: it could not be read, or was not kept.'),
              count: z.int(),
              cents: z.int(),
              total,
              first_payment: z.boolean().nullable().describe('null: could not be found out.'),
              changed_at: time.nullable().describe('Last change of bank account or method.'),
            }),
          )
          .describe('The suppliers that would be paid.'),
        target: maybeText.describe('Id of the record that is changed.'),
        fields: z.array(z.string()).describe('Fields that it sets on a supplier, buyer or counterparty.'),
      })
      .describe('What it would do, in figures.'),
    target_name: maybeText.describe('Name of the record that is changed; null: not known.'),
    caller: z.looseObject({ kind: z.enum(['url', 'api_token', 'person']) }).describe('Who called.'),
    hands: z
      .looseObject({ caller: z.looseObject({}).nullable().describe('Who called; null: nobody knows.') })
      .describe('Ids of those who had a hand in it and may not decide.'),
    first_invoice: maybeText.describe(
      'Number of its first invoice; null: it makes none, or its page was not kept.',
    ),
    call_reason: maybeText.describe('Why, as the caller said: text of whoever called.'),
    idempotency_key: z.string(),
    created_at: time,
    expires_at: time,
    decided_at: time.nullable(),
    decided_by: z.object({ id: z.string(), name: z.string() }).nullable(),
    decision_reason: maybeText.describe('Why, as whoever decided said.'),
    one_person: z.boolean().describe('Decided in one-person mode, by somebody who had a hand in it.'),
    undoable: z.string().optional().describe('Said while settings need no second person.'),
    outcome: z
      .looseObject({ state: z.string() })
      .nullable()
      .describe('What came of it: state, and the ids that Finexio answered.'),
    would_send: z
      .looseObject({
        request: z.string().describe('The request, as text.'),
        empties: z.array(z.string()).optional().describe('Fields that it would empty.'),
      })
      .optional()
      .describe('Of one draft, read by its id: the request, bank numbers masked; kept once it is decided.'),
    party_names: z
      .record(z.string(), z.string())
      .optional()
      .describe('Names of suppliers and buyers by their ids.'),
    changes: z
      .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown() }))
      .optional()
      .describe(
        'Of one draft that changes a supplier, buyer or counterparty: what would stand in the place of what, masked. Without before: Finexio did not show it.',
      ),
    unsettled_payments: z
      .boolean()
      .nullable()
      .optional()
      .describe('Whether Finexio had unsettled payments to it when this was asked for; null: not known.'),
    findings: FindingsAnswer.optional().describe(
      'Of one draft with payees: what Finexio had of them when it was last looked at; once it is decided, as it was then.',
    ),
    last_paid_at: time
      .nullable()
      .optional()
      .describe('When an instruction to pay it was last sent through this account.'),
    cannot_decide: maybeText
      .optional()
      .describe('Why whoever asks may not decide on this open draft; null: they may.'),
    same: z
      .array(
        z.object({
          id: z.string(),
          mcp_server_name: z.string(),
          caller: z.looseObject({ kind: z.enum(['url', 'api_token', 'person']) }).describe('Who called.'),
          created_at: time,
        }),
      )
      .optional()
      .describe(
        'Of one open draft: others that wait for an invoice of the same number, supplier and buyer, or for the same record; five at most.',
      ),
    may_approve: z
      .array(z.object({ id: uuid, name: z.string() }))
      .optional()
      .describe('Of one open draft: who may approve it as things stand.'),
  })
  .meta({ id: 'Approval' })

/** Who vouched, by the id of the payee. */
export type CallBacks = Readonly<Record<string, z.infer<typeof PayeeEntry>>>

export type Undoable = { undoable?: string }

/** Of the findings first: what could not be read when the draft was made may be known now. */
const namesIn = (page: ShownPage | null): Record<string, string> => ({
  ...page?.findings?.names,
  ...page?.names,
})

const nameFrom = (names: Readonly<Record<string, string>>) => (id: string) =>
  Object.hasOwn(names, id) ? names[id]! : null

const shownFindings = ({ names: _, payees, ...findings }: Findings, page: ShownPage) => {
  const nameOf = nameFrom(namesIn(page))
  const callBacks = page.call_backs as CallBacks | null | undefined
  return {
    ...findings,
    payees: payees.map((payee) => ({
      ...payee,
      name: nameOf(payee.id),
      call_back: callBacks?.[payee.id] ?? null,
    })),
  }
}

/** What only one draft shows, read by its id. */
export const shownPage = (page: ShownPage) => {
  const { names: _, call_backs: _vouched, findings, ...rest } = page
  return {
    ...rest,
    party_names: namesIn(page),
    ...(findings && { findings: shownFindings(findings, page) }),
  }
}

export const shownSame = ({ id, serverName, caller, created_at }: SameDraft) => ({
  id,
  mcp_server_name: serverName,
  caller,
  created_at: isoOf(created_at),
})

/** By which people tell rows of a list apart. */
const firstInvoice = (page: ShownPage | null): string | null => {
  const [first] = [page?.would_send.body].flat()
  const number = isObject(first) ? first.invoice_number : null
  return typeof number === 'string' ? oneLine(number) : null
}

const decidedByIn = ({ decidedBy: id, deciderName }: StoredDraft) =>
  id === null ? null : { id, name: deciderName ?? id }

/** @param page null: nothing was kept, or it is not opened @param undoable what is said while one person alone can undo the rule */
export const shownDraft = (draft: StoredDraft, page: ShownPage | null, undoable: Undoable) => {
  const { summary, outcome, caller } = draft
  const nameOf = nameFrom(namesIn(page))
  return {
    id: draft.id,
    integrated_account_id: draft.accountId,
    mcp_server_id: draft.serverId,
    mcp_server_name: draft.serverName,
    tool: draft.tool,
    effect: draft.effect,
    state: draft.state,
    reasons: draft.reasons,
    summary: {
      ...summary,
      total: decimalOf(summary.total_cents),
      suppliers: summary.suppliers.map((supplier) => ({
        ...supplier,
        total: decimalOf(supplier.cents),
        name: nameOf(supplier.id),
      })),
    },
    target_name: summary.target === null ? null : nameOf(summary.target),
    caller,
    hands: draft.hands,
    first_invoice: firstInvoice(page),
    call_reason: draft.callReason,
    idempotency_key: draft.key,
    created_at: isoOf(draft.created_at),
    expires_at: isoOf(draft.created_at + DRAFT_MS),
    decided_at: isoOf(draft.decidedAt),
    decided_by: decidedByIn(draft),
    decision_reason: draft.decisionReason,
    one_person: draft.onePerson,
    outcome: outcome && { ...outcome.kept, state: outcome.state },
    ...undoable,
  }
}
