/** `/integrated-account/:account/unknown-write`: writes of which nobody knows what became of them, and settling one by hand. */
import * as z from 'zod'
import { accountObject, unknownsOf } from '../../account/account-stub.ts'
import type { UnknownWrite } from '../../account/writes/unknowns.ts'
import { decimalOf } from '../../core/money.ts'
import { lookWords, settlesAfter } from '../../rules/unknown.ts'
import { count, isoOf, maybeText, pageAnswer, paged, time, uuid } from '../answers.ts'
import { actorIn } from '../auth.ts'
import { byRequest } from '../cause.ts'
import { ApiError, unknownAccount } from '../errors.ts'
import { Page, type Paging, ReasonInput } from '../input.ts'
import { type Asked, route } from '../route.ts'

export const UnknownWriteAnswer = z
  .object({
    idempotency_key: z.string(),
    integrated_account_id: uuid,
    mcp_server_id: z.string(),
    mcp_server_name: maybeText,
    tool: z.string(),
    state: z.enum(['claimed', 'unknown', 'rejected', 'succeeded', 'not_sent']),
    refused_in_part: z
      .boolean()
      .describe('Finexio refused the batch; which rows it stored is not documented.'),
    accepted_in_part: z
      .boolean()
      .describe(
        'Finexio accepted the write, and its answer does not confirm all of it: the money is that of the rest.',
      ),
    payments: z
      .array(
        z.object({
          supplier_id: z.string(),
          supplier_name: maybeText.describe('As it was read when the write left; null: it was not.'),
          buyer_id: z.string().describe('Who would pay.'),
          count,
          total_cents: count,
          total: maybeText,
        }),
      )
      .describe('Whom it would pay, to be looked for at Finexio.'),
    left_at: time.describe('When the write left.'),
    target: z.record(z.string(), z.string()).describe('Ids that its path named.'),
    count: count.describe('Invoices for which money is reserved.'),
    total_cents: count,
    total: maybeText,
    last_look: maybeText.describe('What the last look at Finexio showed; null: nobody has looked.'),
    settles_from: time
      .nullable()
      .describe('From then on a whole look that misses it settles it; null: none did yet.'),
    cannot_settle: maybeText.optional().describe('Why whoever asks may not settle it; null: they may.'),
  })
  .meta({ id: 'UnknownWrite' })

export type UnknownWriteShown = z.infer<typeof UnknownWriteAnswer>

const settlesFrom = ({ absentSince }: UnknownWrite, setting: string | undefined): number | null => {
  const after = settlesAfter(setting)
  return absentSince === null || after === null ? null : absentSince + after
}

const shown =
  (accountId: string, setting: string | undefined) =>
  (write: UnknownWrite): UnknownWriteShown => ({
    idempotency_key: write.key,
    integrated_account_id: accountId,
    mcp_server_id: write.serverId,
    mcp_server_name: write.serverName,
    tool: write.tool,
    state: write.state,
    refused_in_part: write.state === 'rejected' && write.kept?.partial === true,
    accepted_in_part: write.state === 'succeeded' && write.kept?.partial === true,
    payments: write.payments.map(({ supplier, supplier_name, buyer, cents, count: invoices }) => ({
      ...{ supplier_id: supplier, supplier_name, buyer_id: buyer },
      ...{ count: invoices, total_cents: cents, total: decimalOf(cents) },
    })),
    left_at: isoOf(write.claimedAt),
    target: { ...write.target },
    count: write.count,
    total_cents: write.cents,
    total: decimalOf(write.cents),
    last_look: write.look && lookWords(write.look, write.claimedAt),
    settles_from: isoOf(settlesFrom(write, setting)),
  })

const unknownKey = () => new ApiError(404, 'There is no write with this key, or it was settled long ago.')

const list = async ({ c, accountId, query }: Asked<Paging, unknown>) => {
  const page = { limit: query.limit, offset: query.next_cursor ?? 0 }
  const found = await unknownsOf(accountObject(c.env, accountId)).list(page)
  if (!found) throw unknownAccount()
  return paged(found.writes, found.next, shown(accountId, c.env.UNKNOWN_SETTLES_AFTER))
}

type One = Pick<Asked<unknown, unknown>, 'c' | 'accountId'>

const readIn = async ({ c, accountId }: One) => {
  const write = await unknownsOf(accountObject(c.env, accountId)).read(c.req.param('key')!)
  if (!write) throw unknownKey()
  return shown(accountId, c.env.UNKNOWN_SETTLES_AFTER)(write)
}

const settlerIn = ({ c }: Pick<One, 'c'>) => {
  const { id, token } = actorIn(c)
  return { person: id, token }
}

const read = async ({ c, accountId }: One) => {
  const write = await readIn({ c, accountId })
  const problem = await unknownsOf(accountObject(c.env, accountId)).problem(
    write.idempotency_key,
    settlerIn({ c }),
  )
  return { ...write, cannot_settle: problem }
}

const Settling = z.strictObject({
  carried_out: z.boolean().describe('What this person found out at Finexio.'),
  reason: ReasonInput.refine((text) => text !== '', 'must say how you know'),
  left_at: time.optional().describe('As GET answered it: a later write under this key is then not settled.'),
})

const settle = async ({ c, accountId, body }: Asked<unknown, z.infer<typeof Settling>>) => {
  const settled = await unknownsOf(accountObject(c.env, accountId)).settle(
    c.req.param('key')!,
    { wasDone: body.carried_out, claimedAt: body.left_at === undefined ? null : Date.parse(body.left_at) },
    settlerIn({ c }),
    body.reason,
    byRequest(c),
  )
  if (settled.kind === 'unknown') throw unknownKey()
  c.set('decidedOn', c.req.param('key')!)
  if (settled.kind === 'refused')
    throw new ApiError(settled.forbidden ? 403 : 409, settled.why).by(
      settled.forbidden ? 'four_eyes' : 'settled_before',
    )
  return readIn({ c, accountId })
}

const ALL = '/integrated-account/:account/unknown-write'

export const unknownWriteRoutes = [
  route('GET', ALL, 'listUnknownWrites', {
    role: ['approve', 'audit'],
    says: 'List writes of which nobody knows whether Finexio carried them out',
    query: Page,
    answer: pageAnswer(UnknownWriteAnswer),
    handler: list,
  }),
  route('GET', `${ALL}/:key`, 'getUnknownWrite', {
    plain: ['key'],
    role: ['approve', 'audit'],
    says: 'Show what is known of a write whose outcome is unknown',
    answer: UnknownWriteAnswer,
    handler: read,
  }),
  route('POST', `${ALL}/:key/settle`, 'settleUnknownWrite', {
    plain: ['key'],
    role: 'approve',
    fails: [409],
    says: "Settle it by hand, who did not call; a person's API token with approve",
    body: Settling,
    example: { carried_out: true, reason: 'Seen in the portal of Finexio' },
    answer: UnknownWriteAnswer,
    handler: settle,
  }),
]
