/** `/integrated-account/:account/overview`: what of an account needs whoever asks now. Roles decide which parts there are. */
import * as z from 'zod'
import { accountObject, overviewOf } from '../account/account-stub.ts'
import type { AccountOverview } from '../account/overview.ts'
import type { Env } from '../core/env.ts'
import { holds, type Role } from '../rules/who/roles.ts'
import { readPage } from '../tools/writing/shown-draft.ts'
import { count, isoOf, time, uuid } from './answers.ts'
import { actorIn } from './auth.ts'
import { unknownAccount } from './errors.ts'
import { type Asked, route } from './route.ts'
import { shownDraft } from './writes/approval-answer.ts'

const Waiting = z.object({
  id: z.string(),
  tool: z.string(),
  mcp_server_name: z.string(),
  total_cents: count,
  total: z.string().nullable(),
  suppliers: count.describe('How many suppliers would be paid.'),
  supplier_name: z
    .string()
    .nullable()
    .describe('Of the one that would be paid; null: several, none, or not known.'),
  target: z.string().nullable().describe('Id of the record that is changed.'),
  target_name: z.string().nullable().describe('Its name; null: not known.'),
  created_at: time,
  expires_at: time,
  mine: z
    .boolean()
    .nullable()
    .describe('Whether whoever asks may decide on it, as things stand; null: they do not approve.'),
})

export const OverviewAnswer = z.object({
  id: uuid,
  name: z.string(),
  status: z.enum(['active', 'needs_reauth']),
  writes_stopped: z.boolean(),
  payees: z
    .enum(['open', 'verified'])
    .describe('verified: a supplier is paid only if somebody vouched for its payment details.'),
  approvals: z
    .object({
      count,
      mine: count.describe('Those on which whoever asks may decide.'),
      first: z.array(Waiting).describe('Five: your own first, then the oldest.'),
    })
    .nullable()
    .describe('Writes that wait; null without the role approve or audit.'),
  unknown_writes: count.nullable().describe('Null without the role approve or audit.'),
  payees_changed: count.describe('Suppliers that changed while an invoice was, or may be, unpaid.'),
  ending: z
    .array(z.object({ id: uuid, name: z.string(), expires_at: time }))
    .nullable()
    .describe('MCP servers that end within 14 days, 20 at most; null without the role manage or audit.'),
  limits: z
    .array(
      z.object({
        mcp_server_id: uuid.nullable().describe('Null: of all servers of the account together.'),
        mcp_server_name: z.string().nullable(),
        limit: z.enum(['per_day', 'per_30_days', 'per_supplier_day']).describe('Which limit.'),
        unit: z.enum(['cents', 'count']).describe('Whether cents or invoices are counted.'),
        used: count.describe('What is used of it.'),
        most: count.describe('What is allowed.'),
      }),
    )
    .nullable()
    .describe('Limits of which four fifths are used; null without the role manage or audit.'),
})

type Shown = z.infer<typeof OverviewAnswer>

type Waits = AccountOverview['approvals']['first'][number]

/** A page that does not open leaves ids. */
const shownWaiting = async (env: Env, { draft, mine, page }: Waits): Promise<z.infer<typeof Waiting>> => {
  const kept = page && (await readPage(env, draft.accountId, { draft, sealed: null, page }).catch(() => null))
  const { summary, target_name, ...shown } = shownDraft(draft, kept, {})
  const [first, ...others] = summary.suppliers
  return {
    id: shown.id,
    tool: shown.tool,
    mcp_server_name: shown.mcp_server_name,
    total_cents: summary.total_cents,
    total: summary.total,
    suppliers: summary.suppliers.length,
    supplier_name: others.length === 0 ? (first?.name ?? null) : null,
    target: summary.target,
    target_name,
    created_at: shown.created_at,
    expires_at: shown.expires_at,
    mine,
  }
}

const read = async ({ c, accountId }: Asked<unknown, unknown>): Promise<Shown> => {
  const { id: person, token, grants } = actorIn(c)
  const has = (...roles: Role[]) => roles.some((role) => holds(grants, role, accountId))
  const decider = has('approve') ? { person, token } : null
  const found = await overviewOf(accountObject(c.env, accountId)).read(decider)
  if (!found) throw unknownAccount()
  const { account, approvals, ending, limits } = found
  const decides = has('approve', 'audit')
  const oversees = has('manage', 'audit')
  return {
    id: account.id,
    name: account.name,
    status: account.status,
    writes_stopped: account.writes_stopped,
    payees: account.payees,
    approvals: decides
      ? { ...approvals, first: await Promise.all(approvals.first.map((one) => shownWaiting(c.env, one))) }
      : null,
    unknown_writes: decides ? found.unknown : null,
    payees_changed: found.payeesChanged,
    ending: oversees ? ending.map((one) => ({ ...one, expires_at: isoOf(one.expires_at) })) : null,
    limits: oversees
      ? limits.map(({ id, name, ...used }) => ({ mcp_server_id: id, mcp_server_name: name, ...used }))
      : null,
  }
}

export const overviewRoute = route('GET', '/integrated-account/:account/overview', 'getOverview', {
  role: ['manage', 'audit', 'approve'],
  says: 'What of an account needs you now: approvals, unknown outcomes, changed payees, limits nearly used, URLs that end soon',
  answer: OverviewAnswer,
  handler: read,
})
