/**
 * Who may ask for what, written from section 10 of the design and not from the routes: a route that is not named here
 * fails the matrix until somebody says who may use it.
 */

export type RoleName = 'use' | 'approve' | 'manage' | 'audit' | 'admin'

/** `account`: for the account in the path. `some`: for any account. `all`: for the whole deployment. `anybody`: without a key. */
export type Reach = 'account' | 'some' | 'all' | 'anybody'

export type Asking = {
  route: string
  /** Told apart where one route does two things. */
  body?: unknown
  reach: Reach
  roles: readonly RoleName[]
}

const MANAGE = ['manage', 'admin'] as const
/** Whoever manages an account sees what they manage. */
const SEES = ['manage', 'audit', 'admin'] as const
const ADMIN = ['admin'] as const
const READS_ALL = ['audit', 'admin'] as const
const ACCOUNT = '/integrated-account/:account'
const SERVER = `${ACCOUNT}/mcp/:server`

const at = (reach: Reach, roles: readonly RoleName[], ...routes: string[]): Asking[] =>
  routes.map((route) => ({ route, reach, roles }))

export const ASKINGS: readonly Asking[] = [
  ...at('anybody', [], 'GET /openapi.json'),
  // `admin`: people, tokens, accounts with their credentials and settings, keys.
  ...at('all', ADMIN, 'POST /integrated-account', 'POST /key/reseal', 'PATCH /deployment'),
  ...at('all', ADMIN, 'POST /person', 'PATCH /person/:person', 'DELETE /person/:person'),
  // Whoever administers one account gives keys to it, and to nothing else: test/who/attacks.worker.test.ts.
  ...at('some', ADMIN, 'POST /api-token', 'DELETE /api-token/:token'),
  ...at('account', ADMIN, `PATCH ${ACCOUNT}`, `DELETE ${ACCOUNT}`),
  // `manage`: servers, webhook secrets and their settings.
  ...at('account', MANAGE, `POST ${ACCOUNT}/mcp`, `PATCH ${SERVER}`, `POST ${SERVER}/rotate`),
  ...at('account', MANAGE, `PUT ${ACCOUNT}/secret/:name`, `DELETE ${ACCOUNT}/secret/:name`),
  // Asks Finexio and may let calls go on that its refusal held up: nothing for somebody who resumes nothing.
  ...at('account', MANAGE, `POST ${ACCOUNT}/verify`),
  // `audit` stops, and revokes URLs and sign-ins.
  ...at('account', SEES, `DELETE ${SERVER}`, `DELETE ${SERVER}/grant/:grant`),
  { route: `PUT ${ACCOUNT}/writes`, body: { stopped: true }, reach: 'account', roles: READS_ALL },
  { route: `PUT ${ACCOUNT}/writes`, body: { stopped: false }, reach: 'account', roles: ADMIN },
  {
    route: 'PUT /writes',
    body: { stopped: 'read before anybody is let in' },
    reach: 'all',
    roles: READS_ALL,
  },
  { route: 'PUT /writes', body: { stopped: false }, reach: 'all', roles: ADMIN },
  // Reading.
  ...at('some', ['manage', 'audit', 'approve', 'admin'], 'GET /integrated-account'),
  ...at('account', SEES, `GET ${ACCOUNT}`, `GET ${ACCOUNT}/tools`, `GET ${ACCOUNT}/capabilities`),
  ...at('account', SEES, `GET ${ACCOUNT}/usage`, `GET ${SERVER}/usage`, `GET ${SERVER}/grant`),
  ...at('account', SEES, `GET ${ACCOUNT}/mcp`, `GET ${SERVER}`, `GET ${ACCOUNT}/secret`),
  ...at(
    'account',
    ['manage', 'audit', 'approve', 'admin'],
    `GET ${ACCOUNT}/writes`,
    `GET ${ACCOUNT}/overview`,
  ),
  // Its trail is for whoever manages it; who could do what is for `audit`.
  ...at('account', SEES, `GET ${SERVER}/history`),
  ...at('account', READS_ALL, `GET ${ACCOUNT}/history`),
  ...at('some', READS_ALL, 'GET /history/accounts'),
  ...at('some', SEES, 'GET /log', 'GET /log/export', 'GET /log/status'),
  ...at('some', SEES, 'GET /log/verify', 'POST /log/verify'),
  ...at('all', READS_ALL, 'GET /writes', 'GET /deployment'),
  ...at('all', READS_ALL, 'GET /person', 'GET /person/:person', 'GET /api-token'),
  // `approve`: drafts with all that a decision needs. Nobody holds it by holding another role.
  ...at(
    'account',
    ['approve', 'audit', 'admin'],
    `GET ${ACCOUNT}/approval`,
    `GET ${ACCOUNT}/approval/export`,
    'GET /approval/:approval',
  ),
  ...at(
    'account',
    ['approve', 'audit', 'admin'],
    `GET ${ACCOUNT}/unknown-write`,
    `GET ${ACCOUNT}/unknown-write/:key`,
  ),
  ...at('account', ['approve'], `POST ${ACCOUNT}/unknown-write/:key/settle`),
  // Which change of settings somebody may see and decide on, its accounts say: test/who/loosening.worker.test.ts.
  ...at(
    'some',
    ['manage', 'approve', 'audit', 'admin'],
    'GET /settings-draft',
    'GET /settings-draft/:settings',
  ),
  ...at('some', ['manage', 'approve', 'admin'], 'POST /settings-draft/:settings/agree'),
  ...at('some', ['manage', 'approve', 'admin'], 'POST /settings-draft/:settings/reject'),
  ...at('account', ['approve'], 'POST /approval/:approval/approve', 'POST /approval/:approval/reject'),
  // Whoever calls a supplier back vouches for it.
  ...at(
    'account',
    ['approve'],
    `POST ${ACCOUNT}/payee/:supplier/callback`,
    `POST ${ACCOUNT}/payee/acceptance`,
  ),
  ...at('account', ['approve', 'audit', 'manage', 'admin'], `GET ${ACCOUNT}/payee`),
  ...at(
    'account',
    ['approve', 'audit', 'admin'],
    `GET ${ACCOUNT}/payee/:supplier`,
    `GET ${ACCOUNT}/payee/review`,
    `GET ${ACCOUNT}/payee/review/export`,
  ),
]

/** A role, and for which account: A is in the path, B is another one. */
export type Held = `${RoleName}:${'A' | 'B'}` | RoleName

const placeOf = (held: Held): string => held.split(':')[1] ?? 'all'
const roleOf = (held: Held): string => held.split(':')[0]!

/** What is to be answered: let in, refused, or as if there were nothing. */
export type Verdict = 'in' | '401' | '403' | '404'

const reaches = (reach: Reach, held: Held): boolean => {
  if (reach === 'some') return true
  return placeOf(held) === 'all' || (reach === 'account' && placeOf(held) === 'A')
}

/** @param held null: whoever has no key that lives */
export const expected = ({ reach, roles }: Asking, held: readonly Held[] | null): Verdict => {
  if (reach === 'anybody') return 'in'
  if (held === null) return '401'
  const may = held.some((one) => roles.includes(roleOf(one) as RoleName) && reaches(reach, one))
  if (may) return 'in'
  return reach === 'account' && !held.some((one) => reaches('account', one)) ? '404' : '403'
}
