/** A company's identity provider on loopback (`oidc-provider`), for tests in Node, of the running product and in a browser. */
import { generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Context, interactionPolicy } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'

/** Claims by scope: `groups` comes with the scope of that name, as at many providers. */
export type User = { sub: string; name: string; email: string; groups?: string[] }

export type Tampering = {
  claims?: Record<string, unknown>
  header?: object
  /** Leaves the signature of what was there before. */
  keepSignature?: boolean
}

export type IdentityProvider = {
  issuer: string
  /** The deployment's settings for it. */
  bindings: { OIDC_ISSUER: string; OIDC_CLIENT_ID: string; OIDC_CLIENT_SECRET: string }
  /** By subject. What is changed here counts from the next sign-in. */
  users: Map<string, User>
  /** Who signs in from now on without being asked; null: a page lists everybody. */
  signInAs(sub: string | null): void
  /** New signing keys; the old ones are gone. @param kid the new key's id, another than before when absent */
  rotateKeys(kid?: string): void
  /** Changes each ID token; null: no more. */
  tamper(change: Tampering | null): void
  /** Answers a path in the provider's place. */
  answers: Map<string, (response: ServerResponse) => void>
  /** Requests so far to a path. */
  asked(path: string): number
  stop(): Promise<void>
}

const CLIENT_ID = 'finexio-mcp'
const CLIENT_SECRET = 'secret of the test client: + and / and %'
const SCOPES = 'openid profile email groups'
const HOUR = 3600
const INTERACTION = '/interaction/'

type Key = JsonWebKey & { kid: string }

const newKey = (kid: string): Key => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  kid,
  use: 'sig',
  alg: 'ES256',
})

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

/** ES256 (RFC 7518, 3.4). */
const signedJwt = (key: JsonWebKey, header: object, claims: object): string => {
  const text = `${encoded(header)}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key, format: 'jwk', dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

const tampered = (token: string, key: Key, { claims, header, keepSignature }: Tampering): string => {
  const [head, body, signature] = token.split('.') as [string, string, string]
  const changed = signedJwt(key, { ...decoded(head), ...header }, { ...decoded(body), ...claims })
  return keepSignature ? changed.replace(/[^.]*$/, signature) : changed
}

export type Options = {
  redirectUris: string[]
  postLogoutRedirectUris?: string[]
  users: User[]
  /** How the client authenticates, `client_secret_basic` when absent. */
  authentication?: 'client_secret_basic' | 'client_secret_post'
  /** Whether claims of a person are at the userinfo endpoint alone. */
  thinTokens?: boolean
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

const chooser = (users: Iterable<User>): string => {
  const buttons = [...users].map(
    ({ sub, name }) => `<button name="sub" value="${escaped(sub)}">${escaped(name)}</button>`,
  )
  return `<!doctype html><html lang="en"><title>Sign in</title><h1>Who are you?</h1><form>${buttons.join(' ')}</form></html>`
}

/** Listens on a free port of loopback. */
export const startIdentityProvider = async (options: Options): Promise<IdentityProvider> => {
  const users = new Map(options.users.map((user) => [user.sub, user]))
  const answers: IdentityProvider['answers'] = new Map()
  const counts = new Map<string, number>()
  let current: string | null = options.users[0]?.sub ?? null
  let key = newKey('key-1')
  let changed: ((token: string) => string) | null = null
  const adapter = createMemoryAdapter()
  let provider: Provider
  let handle: ReturnType<Provider['callback']>

  const policy = interactionPolicy.base()
  const isAnother = ({ oidc }: Context) =>
    current !== null && oidc.result === undefined && oidc.session.accountId !== current
  policy
    .get('login')
    .checks.add(
      new interactionPolicy.Check('another_person', 'somebody else signs in', 'login_required', isAnother),
    )

  const configuration = () => ({
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: options.redirectUris,
        post_logout_redirect_uris: options.postLogoutRedirectUris ?? [],
        id_token_signed_response_alg: 'ES256',
        token_endpoint_auth_method: options.authentication ?? 'client_secret_basic',
      },
    ],
    jwks: { keys: [key] },
    adapter,
    cookies: { keys: ['cookies of the test provider'] },
    claims: { profile: ['name'], email: ['email'], groups: ['groups'] },
    scopes: SCOPES.split(' '),
    conformIdTokenClaims: options.thinTokens ?? false,
    features: { devInteractions: { enabled: false } },
    interactions: { policy, url: (_: unknown, { uid }: { uid: string }) => INTERACTION + uid },
    findAccount: (_: unknown, sub: string) =>
      users.has(sub) ? { accountId: sub, claims: () => users.get(sub) } : undefined,
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope(SCOPES)
      await grant.save()
      return grant
    },
    ttl: {
      AccessToken: HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: HOUR,
      Grant: HOUR,
      AuthorizationCode: 60,
    },
  })

  const open = (issuer: string) => {
    provider = new Provider(issuer, configuration())
    provider.use(async (context, next) => {
      await next()
      const body = context.body as { id_token?: string } | undefined
      if (context.oidc?.route === 'token' && changed && body?.id_token) body.id_token = changed(body.id_token)
    })
    handle = provider.callback()
  }

  const interact = async (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => {
    const accountId = current ?? query.get('sub')
    if (accountId === null)
      return response.writeHead(200, { 'content-type': 'text/html' }).end(chooser(users.values()))
    await provider.interactionFinished(request, response, { login: { accountId } })
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    counts.set(pathname, (counts.get(pathname) ?? 0) + 1)
    const answer = answers.get(pathname)
    if (answer) answer(response)
    else if (pathname.startsWith(INTERACTION)) void interact(request, response, searchParams)
    else handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  open(issuer)

  return {
    issuer,
    bindings: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET },
    users,
    answers,
    asked: (path) => counts.get(path) ?? 0,
    signInAs: (sub) => {
      current = sub
    },
    rotateKeys: (kid = crypto.randomUUID()) => {
      key = newKey(kid)
      open(issuer)
    },
    tamper: (change) => {
      changed = change && ((token) => tampered(token, key, change))
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * What a browser of its own would do at the provider: follows redirects and keeps cookies.
 * @returns the address outside of the provider to which it is sent in the end
 */
export const walk = async (url: string): Promise<string> => {
  const cookies = new Map<string, string>()
  let here = new URL(url)
  const { origin } = here
  for (let steps = 0; steps < 10; steps++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(here, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      cookies.set(name!, value!)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`The provider answered ${response.status}: ${await response.text()}`)
    here = new URL(location, here)
    if (here.origin !== origin) return here.href
  }
  throw new Error('The provider redirects without end.')
}
