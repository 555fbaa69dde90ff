/** Dashboard sessions: a cookie with a random secret, of which the directory stores the keyed digest. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { parse } from 'hono/utils/cookie'
import { directoryObject } from '../account/directory-stub.ts'
import type { Deployment } from '../account/tables/deployment.ts'
import type { StoppedAccount, Waiting } from '../account/tables/listed-accounts.ts'
import type { Person } from '../account/tables/principals/people.ts'
import { SESSION_MS, type SessionHolder, type SessionOwner } from '../account/tables/principals/sessions.ts'
import { hexOf } from '../core/bytes.ts'
import type { Env } from '../core/env.ts'
import { adminKeyProblem, digestOf } from '../core/keys.ts'
import { isLoopback } from '../core/public-url.ts'
import { accountsWith } from '../rules/who/roles.ts'
import { type Actor, actorOfPerson, actorOfToken, ROOT } from './actor.ts'

/** A request of any Hono app whose bindings are ours. */
type C = Context

const envOf = ({ env }: C): Env => env

export type Session = {
  actor: Actor
  /** CSRF token: has to be sent with every form of this session. */
  csrf: string
  /** Whether they signed in at the company's identity provider. */
  byCompany: boolean
  /** Settings of the deployment when the page was asked for. */
  deployment: Deployment
  /** Whether one-person mode acts: it sleeps while anybody else is enabled. */
  onePersonActs: boolean
  /** Accounts whose writes are stopped, be they those of this person or not. */
  stopped: readonly StoppedAccount[]
  /** The account that the page is about, if there is it; null: about none, or one that is not there. */
  account: string | null
  /** How many drafts wait that they may see. */
  waiting: number
  /** How many drafts wait in which account, be it one of this person or not. */
  waits: readonly Waiting[]
}

/** `__Host-` binds a cookie to this very host over https. */
const COOKIE = '__Host-finexio_mcp'
/** Over http on this machine some browsers refuse Secure cookies, and with them that prefix. */
const LOCAL_COOKIE = 'finexio_mcp_local'

/** Whether this is a deployment on one's own machine, reached from there. */
export const isLocal = (c: C): boolean =>
  envOf(c).LOCAL_DEVELOPMENT === 'true' && isLoopback(new URL(c.req.url).hostname)

/** Whether a request came over https. */
export const isSecure = ({ req }: Pick<C, 'req'>): boolean => new URL(req.url).protocol === 'https:'

/** Sessions never travel in the clear, except on one's own machine. */
export const maySignIn = (c: C): boolean => isSecure(c) || isLocal(c)

/** Of every cookie here. Lax, since the browser comes back from the site of the company's identity provider. */
export const optionsFor = (c: Pick<C, 'req'>) =>
  ({ path: '/', httpOnly: true, secure: isSecure(c), sameSite: 'Lax' }) as const

const nameFor = (c: C): string => (isSecure(c) ? COOKIE : LOCAL_COOKIE)

/** 32 random bytes. */
export const randomSecret = (): string => hexOf(crypto.getRandomValues(new Uint8Array(32)))

/** Each kind of secret has digests of its own. */
export const secretDigest = (env: Env, kind: 'session' | 'admin key' | 'sign-in code', secret: string) =>
  digestOf(env, `${kind} ${secret}`)

/** By pepper and key: both belong to the deployment, not to a person. */
const known = new Map<string, Uint8Array>()

/** Keyed digest of the admin key as it is now. One that opens nothing counts as none, which opened no session either. */
export const adminKeyDigest = async (env: Env): Promise<Uint8Array> => {
  const key = adminKeyProblem(env) === null ? env.ADMIN_API_KEY : ''
  const name = `${env.TOKEN_PEPPER} ${key}`
  const digest = known.get(name) ?? (await secretDigest(env, 'admin key', key))
  known.set(name, digest)
  return digest
}

/** Who signed in to open a session. */
export type SignedInBy =
  | { kind: 'key' }
  | { kind: 'api_token'; id: string }
  | Extract<SessionOwner, { kind: 'person' }>

const ownerOf = async (env: Env, by: SignedInBy): Promise<SessionOwner> =>
  by.kind === 'key' ? { kind: 'key', keyDigest: await adminKeyDigest(env) } : by

/** Opens a session under a new secret: whatever cookie the browser came with has no part in it. */
export const openSession = async (c: C, by: SignedInBy): Promise<void> => {
  const before = getCookie(c, nameFor(c))
  const secret = randomSecret() + randomSecret()
  const directory = directoryObject(envOf(c))
  if (before) await directory.closeSession(await secretDigest(envOf(c), 'session', before), false)
  await directory.openSession(await secretDigest(envOf(c), 'session', secret), await ownerOf(envOf(c), by))
  setCookie(c, nameFor(c), secret, { ...optionsFor(c), maxAge: SESSION_MS / 1000 })
}

/** Two random halves: one finds the session and is on no page, the other is sent with its forms. */
const SECRET = /^[0-9a-f]{64}([0-9a-f]{64})$/

const actorOfHolder = (holder: SessionHolder): Actor => {
  if (holder.kind === 'key') return ROOT
  return holder.kind === 'person' ? actorOfPerson(holder.person, holder.grants) : actorOfToken(holder.token)
}

const waitingFor = ({ grants }: Actor, all: readonly Waiting[]): number => {
  const accounts = accountsWith(grants, ['approve', 'audit'])
  const own = all.filter(({ id }) => accounts?.includes(id) ?? true)
  return own.reduce((sum, { waiting }) => sum + waiting, 0)
}

/** The session of a request; null when it has none or the session ended. @param account UUID of the one that the page is about */
export const sessionOf = async (c: C, account: string | null = null): Promise<Session | null> => {
  const secret = getCookie(c, nameFor(c))
  const csrf = SECRET.exec(secret ?? '')?.[1]
  if (!secret || !csrf || !maySignIn(c)) return null
  const [digest, key] = await Promise.all([
    secretDigest(envOf(c), 'session', secret),
    adminKeyDigest(envOf(c)),
  ])
  const holder = await directoryObject(envOf(c)).useSession(digest, key, account)
  if (!holder) return null
  const { kind, deployment, onePersonActs, stopped, listed } = holder
  const actor = actorOfHolder(holder)
  return {
    actor,
    csrf,
    byCompany: kind === 'person',
    deployment,
    onePersonActs,
    stopped,
    account: listed ? account : null,
    waiting: waitingFor(actor, holder.waiting),
    waits: holder.waiting,
  }
}

/** Who signed in at the company's identity provider in the browser that a request comes from; null: nobody did. */
export const companyPersonIn = async (request: Request, env: Env): Promise<Person | null> => {
  const { protocol } = new URL(request.url)
  const name = protocol === 'https:' ? COOKIE : LOCAL_COOKIE
  const secret = parse(request.headers.get('cookie') ?? '', name)[name]
  if (!secret || !SECRET.test(secret)) return null
  const [digest, key] = await Promise.all([secretDigest(env, 'session', secret), adminKeyDigest(env)])
  const holder = await directoryObject(env).useSession(digest, key)
  return holder?.kind === 'person' ? holder.person : null
}

/** @param everywhere ends all sessions of the same person or key */
export const closeSession = async (c: C, everywhere: boolean): Promise<void> => {
  const secret = getCookie(c, nameFor(c))
  if (secret)
    await directoryObject(envOf(c)).closeSession(await secretDigest(envOf(c), 'session', secret), everywhere)
  deleteCookie(c, nameFor(c), optionsFor(c))
}
