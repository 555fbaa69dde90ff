/** `/api-token`: keys of people and systems, each with its grants and its end. */
import type { Context } from 'hono'
import * as z from 'zod'
import { directoryObject, settingsOf } from '../../account/directory-stub.ts'
import { afterLease, afterOnePerson } from '../../account/lease.ts'
import type { ApiToken } from '../../account/tables/principals/api-tokens.ts'
import { digestOf } from '../../core/keys.ts'
import { handsOf } from '../../identity/actor.ts'
import { ExpiryInput } from '../../rules/expiry.ts'
import { mintApiToken } from '../../rules/mcp-token.ts'
import { ROOT_ID } from '../../rules/who/four-eyes.ts'
import { beyond, type Grant, GrantsInput, OldScopesInput, roleOf } from '../../rules/who/roles.ts'
import { isoOf, pageAnswer, paged, Removed, time, uuid, WaitsWith } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { causeOf } from '../cause.ts'
import { ApiError, invalid, lacksRole } from '../errors.ts'
import { expiryOf, idOf, NameInput, Page } from '../input.ts'
import { judgedNewToken } from '../loosening/people.ts'
import { type Asked, route } from '../route.ts'
import { NamesAnswer, namesIn } from './names.ts'
import { checkAccounts, tooManyPeople } from './person-input.ts'

export const ApiTokenAnswer = z
  .object({
    id: uuid,
    name: z.string(),
    kind: z.enum(['person', 'system']),
    holder: uuid.describe('The person or system that holds it.'),
    grants: z.array(z.string()).describe('role, for all accounts, or role:<account id>.'),
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('To the minute.'),
    issued_by: uuid.describe('Who has seen it, and so counts as its holder too.'),
    created_by: uuid,
    names: NamesAnswer,
    created_at: time,
    asleep: z
      .boolean()
      .optional()
      .describe(
        'true: it lets nobody in until the change that waits acts: another person agrees or, where the admin key asked, its time comes.',
      ),
    ...WaitsWith,
  })
  .meta({ id: 'ApiToken' })

export const NewApiTokenAnswer = ApiTokenAnswer.extend({ token: z.string().describe('Shown this once.') })

const GRANTS_MEAN =
  'role for all accounts, or role:<account id> for one. use stands alone; approve with audit at most.'

/** Only people approve; a token without a word on it is a system's. */
const NewApiToken = z
  .strictObject({
    holder: uuid
      .optional()
      .describe(
        'Id of a person or system. Else the one of this name and kind, who is added if there is none; 409 where it is not clear who is meant.',
      ),
    name: NameInput.optional(),
    kind: z
      .enum(['person', 'system'])
      .optional()
      .describe('With name. Omitted: person where approve is given, else system.'),
    grants: GrantsInput.optional().describe(GRANTS_MEAN),
    scopes: OldScopesInput.optional().describe(
      'As version 0.1.0 took them, instead of grants: mcp is use, approve is approve, each confined by account:<id> beside it; account:<id> alone is manage:<id>; admin is admin.',
    ),
    expires_at: ExpiryInput.optional(),
  })
  .refine(({ grants, scopes }) => grants === undefined || scopes === undefined, {
    path: ['scopes'],
    message: 'send grants or scopes, not both: scopes are the older spelling',
  })
  .transform(({ grants, scopes, ...token }) => ({ ...token, grants: grants ?? scopes ?? [] }))
  .superRefine(({ holder, name, grants }, context) => {
    const missing = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (grants.length === 0) missing('grants', 'must name at least one role, such as use:<account id>')
    if (holder === undefined && name === undefined) missing('holder', 'name the holder by id, or by name')
  })

const shown = ({
  expires_at,
  last_used_at,
  created_at,
  issuers: _,
  issuer_names: __,
  asleep,
  ...token
}: ApiToken) => ({
  ...token,
  ...(asleep !== null && { asleep: true }),
  issued_by: token.created_by,
  expires_at: isoOf(expires_at),
  last_used_at: isoOf(last_used_at),
  created_at: isoOf(created_at),
})

const only = (names: Record<string, string>, id: string) => (id in names ? { [id]: names[id]! } : {})

type TokenBody = z.infer<typeof NewApiToken>

const DISABLED =
  'Who has this name is disabled. Enable them first, or send another name or the id of a holder.'

const ONLY_PEOPLE = { path: 'kind', message: 'must be person for the role approve: a system cannot approve' }

const decides = (grants: readonly Grant[]): boolean => grants.some((grant) => roleOf(grant) === 'approve')

/** @throws ApiError for who is nobody, not clear, or cannot hold these grants */
const holderOf = async (c: Context<App>, { holder, name = '', kind, grants }: TokenBody) => {
  const usual = decides(grants) ? 'person' : 'system'
  if (decides(grants) && kind === 'system') throw invalid([ONLY_PEOPLE])
  const named = { holder: holder ?? null, name, kind: kind ?? null, usual } as const
  const found = await directoryObject(c.env).holderFor(named, actorIn(c).id, causeOf(c))
  if ('why' in found) throw new ApiError(409, found.why)
  if (found.kind === 'full') throw tooManyPeople()
  if (!('person' in found))
    throw invalid([{ path: 'holder', message: 'must be the id of a person or system: GET /person' }])
  const { person } = found
  if (found.kind === 'disabled' && holder === undefined) throw new ApiError(409, DISABLED)
  if (decides(grants) && person.kind === 'system') throw invalid([ONLY_PEOPLE])
  if (found.kind === 'added') await afterOnePerson(c.env)
  return person
}

const create = async ({ c, body, asleep }: Asked<unknown, TokenBody>) => {
  const { grants, expires_at } = body
  await checkAccounts(c.env, grants)
  const directory = directoryObject(c.env)
  const { id: by, grants: own } = actorIn(c)
  const tooMuch = beyond(own, grants)
  if (tooMuch)
    throw lacksRole(
      ['admin'],
      `You may not give ${tooMuch}: it takes admin that reaches as far${['use', 'approve'].includes(roleOf(tooMuch)) ? '' : ', and the role itself'}.`,
    )
  const holder = await holderOf(c, body)
  const token = mintApiToken()
  const created = await directory.createApiToken(
    {
      id: crypto.randomUUID(),
      digest: await digestOf(c.env, token),
      holder: holder.id,
      grants,
      expires_at: expiryOf(expires_at) ?? null,
      created_by: by,
      issuers: handsOf(actorIn(c)).filter((one) => one !== ROOT_ID),
      asleep,
    },
    causeOf(c),
  )
  if (!created)
    throw new ApiError(409, 'This deployment has as many API tokens as it can hold: revoke some first.')
  return { ...shown(created), token }
}

const remove = async ({ c }: Asked<unknown, unknown>) => {
  const id = idOf(c, 'token')
  const token = id === null ? null : await directoryObject(c.env).findApiToken(id)
  if (token) c.set('about', { target_name: token.name })
  if (token && beyond(actorIn(c).grants, token.grants))
    throw lacksRole(['admin'], 'This API token reaches further than you administer.')
  const revoked = id !== null && (await directoryObject(c.env).revokeApiToken(id, causeOf(c)))
  if (!revoked)
    throw new ApiError(
      404,
      'There is no API token with this id: it may have expired or been revoked. GET /api-token lists them.',
    )
  await settingsOf(c.env).touch({ kind: 'api_token', id }, null, null)
  await afterLease()
  return { id, name: token?.name ?? '' }
}

export const apiTokenRoutes = [
  route('POST', '/api-token', 'createApiToken', {
    role: 'admin',
    fails: [409],
    says: 'Create an API token for a person or system',
    body: NewApiToken,
    example: { name: 'Month-end job', kind: 'system', grants: ['audit'], expires_at: '2099-06-30T00:00:00Z' },
    answer: NewApiTokenAnswer,
    status: 201,
    loosens: judgedNewToken,
    handler: create,
  }),
  route('GET', '/api-token', 'listApiTokens', {
    role: 'audit',
    whole: true,
    says: 'List API tokens',
    query: Page,
    answer: pageAnswer(ApiTokenAnswer),
    handler: async ({ c, query }) => {
      const { tokens, next } = await directoryObject(c.env).listApiTokens(query.limit, query.next_cursor)
      const names = await namesIn(
        c,
        tokens.map((token) => token.created_by),
      )
      return paged(tokens, next, (token) => ({ ...shown(token), names: only(names, token.created_by) }))
    },
  }),
  route('DELETE', '/api-token/:token', 'revokeApiToken', {
    role: 'admin',
    says: 'Revoke an API token at once',
    answer: Removed.extend({ name: z.string() }),
    handler: remove,
  }),
]
