/** What the routes about payees share: how one is shown, how it is read, who vouches. */
import type { Context } from 'hono'
import * as z from 'zod'
import { directoryObject } from '../../account/directory-stub.ts'
import type { PayeeRow } from '../../account/tables/payees.ts'
import { canonicalId } from '../../core/ids.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { accountContext } from '../../tools/call/account-context.ts'
import { Refusal } from '../../tools/refusal.ts'
import type { ToolContext } from '../../tools/tool.ts'
import type { Seen } from '../../tools/writing/guard/evidence.ts'
import { isoOf, time } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { askingIn } from '../cause.ts'
import { ApiError, lacksRole, waitingError } from '../errors.ts'
import type { Asked } from '../route.ts'

export const ALL = '/integrated-account/:account/payee'
export const ONE = `${ALL}/:supplier`

const STATES = ['called_back', 'accepted', 'changed', 'unverified'] as const

export const PayeeEntry = z.object({
  supplier_id: z.string(),
  state: z
    .enum(STATES)
    .describe(
      'As it was last seen. changed: since somebody vouched; accepted: with the present, nobody called.',
    ),
  vouched_at: time.nullable(),
  vouched_by: z.string().nullable(),
  called: z.string().nullable(),
  called_at: time.nullable(),
  changed_at: time.nullable().describe('When a change was seen that nobody vouched for yet.'),
  unpaid: z
    .boolean()
    .nullable()
    .optional()
    .describe('Of a change: whether an invoice was unpaid by then; null: could not be found out.'),
})

const stateOf = (row: PayeeRow | null): (typeof STATES)[number] =>
  row?.voided ? 'changed' : (row?.vouch?.kind ?? 'unverified')

export const shownPayee = (supplier: string, row: PayeeRow | null) => ({
  supplier_id: supplier,
  state: stateOf(row),
  vouched_at: isoOf(row?.vouch?.at ?? null),
  vouched_by: row?.vouch?.name ?? null,
  called: row?.vouch?.called ?? null,
  called_at: isoOf(row?.vouch?.called_at ?? null),
  changed_at: isoOf(row?.voided?.at ?? null),
  ...(row?.voided?.unpaid !== undefined && { unpaid: row.voided.unpaid }),
})

export const contextOf = (c: Context<App>, accountId: string): Promise<ToolContext> =>
  accountContext(c.env, accountId, askingIn(c))

/** @throws ApiError what a refusal or a failure of Finexio is to who calls the API */
export const reading = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (fault) {
    if (fault instanceof FinexioFailure) throw waitingError(fault)
    if (!(fault instanceof Refusal)) throw fault
    throw new ApiError(409, fault.message).by(fault.rule.code, fault.rule.facts)
  }
}

export const supplierIn = ({ c }: Pick<Asked<unknown, unknown>, 'c'>) =>
  canonicalId(c.req.param('supplier') ?? '')

/** Names one visible state, so that nobody vouches for another than they saw. */
export const seenOf = async ({ sight }: Seen, context: ToolContext): Promise<string | null> => {
  const { state } = sight
  if (!state) return null
  const digest = await context.writes().digest([state.shown, state.changes.map(({ id }) => id)])
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Under every id by which they were known, as whoever decides is. @throws ApiError 403 */
export const voucherIn = async (c: Context<App>, accountId: string) => {
  const { id, name, kind, token } = actorIn(c)
  if (kind !== 'person') throw new ApiError(403, 'Only a person vouches for a supplier.').by('needs_person')
  const asked = { accountId, caller: null, decider: { person: id, token } }
  const { decider } = await directoryObject(c.env).readAuthority(asked)
  if (!decider || decider.approvesSince === null)
    throw lacksRole(['approve'], 'This needs the role approve for this account.')
  return { ids: decider.ids, issuers: [...decider.issuers], name }
}
