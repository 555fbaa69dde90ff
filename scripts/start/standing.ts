/** Whether what an earlier start made still lets somebody in, and why not. What somebody ended stays ended: a start makes no other in its place. */
import { type Management, manage, NotManaged } from '../local/management.ts'

/** `ended`: why it lets nobody in for good. `asleep`: made while settings needed a second person, it lets nobody in so far. */
export type Standing = 'works' | 'asleep' | { ended: string }

export const urlOf = (api: Management, token: string) => `${api.baseUrl}/mcp/${token}`

/** Only an unknown, expired or deleted URL is answered 404; whatever else is refused is there. */
const answers = async (url: string): Promise<boolean> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
  await response.body?.cancel()
  return response.status !== 404
}

/** What a path shows; null where nothing is there. @throws NotManaged for any other refusal */
export const found = <Answer>(api: Management, path: string): Promise<Answer | null> =>
  manage<Answer>(api, 'GET', path).catch((error) => {
    if (error instanceof NotManaged && error.status === 404) return null
    throw error
  })

/** Nobody ended it: it cannot be read any more, as when .dev.vars was removed. */
export const OTHER_PEPPER = 'TOKEN_PEPPER is another one than before'

/** Of a person: they stay, and their name with them. */
export const DISABLED = 'its holder is disabled'

const isPast = (time: string | null | undefined) => typeof time === 'string' && Date.parse(time) <= Date.now()

type Servers = { result: { id: string; name: string }[] }

/** Files of earlier versions kept no id: a server is found by one of the names it may have had. */
export const serverIdOf = async (
  api: Management,
  accountId: string,
  names: readonly string[],
): Promise<string | undefined> => {
  const { result } = await manage<Servers>(api, 'GET', `/integrated-account/${accountId}/mcp?limit=100`)
  return result.find(({ name }) => names.includes(name))?.id
}

/** @param id of the server; absent in files of earlier versions, where its name finds it */
export const serverStanding = async (
  api: Management,
  accountId: string,
  { token, id, names }: { token: string; id: string | undefined; names: readonly string[] },
): Promise<Standing> => {
  if (await answers(urlOf(api, token))) return 'works'
  const known = id ?? (await serverIdOf(api, accountId, names))
  const path = `/integrated-account/${accountId}/mcp/${known}`
  type Server = { asleep?: boolean; expires_at?: string | null; rotated_by?: string[] }
  const server = known === undefined ? null : await found<Server>(api, path)
  if (server === null) return { ended: 'revoked' }
  if (server.asleep) return 'asleep'
  if (isPast(server.expires_at)) return { ended: 'expired' }
  return { ended: server.rotated_by?.length ? 'rotated' : OTHER_PEPPER }
}

const MOST_LISTED = 100

type ListedToken = { id: string; holder: string; asleep?: boolean; expires_at?: string | null }
type Listed = { result: ListedToken[]; next_cursor: string | null }

/** All API tokens. */
export const apiTokens = async (api: Management, from = ''): Promise<ListedToken[]> => {
  const path = `/api-token?limit=${MOST_LISTED}${from && `&next_cursor=${from}`}`
  const { result, next_cursor } = await manage<Listed>(api, 'GET', path)
  return next_cursor === null ? result : [...result, ...(await apiTokens(api, next_cursor))]
}

/** Whether anybody is known, be they disabled. */
export const hasPeople = async (api: Management): Promise<boolean> =>
  (await manage<{ result: unknown[] }>(api, 'GET', '/person?limit=1')).result.length > 0

/** Of an API token that does not sign in. @param id absent in files of earlier versions */
export const tokenStanding = async (
  api: Management,
  tokens: readonly ListedToken[],
  id: string | undefined,
): Promise<Standing> => {
  const token = tokens.find((one) => one.id === id)
  if (token === undefined) return { ended: 'revoked' }
  if (token.asleep) return 'asleep'
  if (isPast(token.expires_at)) return { ended: 'expired' }
  const holder = await found<{ disabled?: boolean }>(api, `/person/${token.holder}`)
  return { ended: holder?.disabled ? DISABLED : OTHER_PEPPER }
}

/** Of several by name: those that sleep, and those that ended, with why. */
export const sorted = <Name extends string>(standings: Readonly<Partial<Record<Name, Standing>>>) => {
  const each = Object.entries(standings) as [Name, Standing][]
  return {
    asleep: each.flatMap(([name, standing]) => (standing === 'asleep' ? [name] : [])),
    ended: Object.fromEntries(
      each.flatMap(([name, standing]) => (typeof standing === 'object' ? [[name, standing.ended]] : [])),
    ) as Partial<Record<Name, string>>,
  }
}
