/** What each call of the management API does, in words: `past` after a name, `plain` after "asked to". Pure. */

/** `%` is the name of what it is about; without a name it is `unnamed`. */
export type ActionWords = { past: string; plain: string; unnamed: string }

const act = (past: string, plain: string, unnamed: string): ActionWords => ({ past, plain, unnamed })
/** Verbs whose past is made with d or ed. */
const ed = (verb: string, rest: string, unnamed: string) =>
  act(`${verb}${verb.endsWith('e') ? 'd' : 'ed'} ${rest}`, `${verb} ${rest}`, unnamed)
const read = (what: string) => act(`read ${what}`, `read ${what}`, '')

const ACCOUNT = '/integrated-account/:account'
const SERVER = `${ACCOUNT}/mcp/:server`

const READS: Readonly<Record<string, string>> = {
  '/integrated-account': 'the list of accounts',
  [ACCOUNT]: 'an account',
  [`${ACCOUNT}/tools`]: 'the preview of tools',
  [`${ACCOUNT}/capabilities`]: 'what tools there are',
  [`${ACCOUNT}/payee/review`]: 'the review of payees',
  [`${ACCOUNT}/payee/review/export`]: 'the review of payees, as a file',
  [`${ACCOUNT}/payee`]: 'the list of payees',
  [`${ACCOUNT}/payee/:supplier`]: 'the payment details of a supplier',
  [`${ACCOUNT}/writes`]: 'whether writes of an account are stopped',
  '/writes': 'whether all writes are stopped',
  [`${ACCOUNT}/usage`]: 'how an account is used',
  [`${ACCOUNT}/overview`]: 'what an account needs now',
  [`${SERVER}/usage`]: 'how an MCP server is used',
  [`${ACCOUNT}/approval`]: 'the list of approvals',
  [`${ACCOUNT}/approval/export`]: 'the list of approvals as CSV',
  '/approval/:approval': 'an approval',
  [`${ACCOUNT}/unknown-write`]: 'the list of writes whose outcome is unknown',
  [`${ACCOUNT}/unknown-write/:key`]: 'a write whose outcome is unknown',
  [`${ACCOUNT}/secret`]: 'the names of webhook secrets',
  [`${ACCOUNT}/mcp`]: 'the list of MCP servers',
  [SERVER]: 'an MCP server',
  [`${SERVER}/history`]: 'the history of an MCP server',
  [`${ACCOUNT}/history`]: 'the history of an account',
  '/history/accounts': 'which accounts there were at a moment',
  [`${SERVER}/grant`]: 'the clients that were let in',
  '/person': 'the list of people',
  '/person/:person': 'a person',
  '/api-token': 'the list of API tokens',
  '/deployment': 'who decides',
  '/settings-draft': 'the changes of settings that wait',
  '/settings-draft/:settings': 'a change of settings that waits',
  '/log': 'the audit trail',
  '/log/export': 'the audit trail, as a file',
  '/log/verify': 'whether the audit trail holds',
  '/log/status': 'how the audit trail stands',
  '/openapi.json': 'the description of the API',
}

const ACTIONS: Readonly<Record<string, ActionWords>> = {
  'POST /integrated-account': ed('connect', 'the account %', 'a Finexio account'),
  [`PATCH ${ACCOUNT}`]: ed('change', 'the account %', 'an account'),
  [`DELETE ${ACCOUNT}`]: ed('disconnect', 'the account %', 'an account'),
  [`POST ${ACCOUNT}/verify`]: ed('check', 'the credentials of %', 'an account'),
  [`PUT ${ACCOUNT}/writes`]: act('switched the writes of %', 'switch the writes of %', 'an account'),
  'POST /log/verify': act('began to verify the audit trail', 'verify the audit trail', ''),
  'PUT /writes': act('switched all writes', 'switch all writes', ''),
  [`POST ${ACCOUNT}/payee/:supplier/callback`]: ed('record', 'that a supplier was called back', ''),
  [`POST ${ACCOUNT}/payee/acceptance`]: ed('accept', 'the present of suppliers paid before, once', ''),
  'POST /approval/:approval/approve': ed('approve', 'a draft', ''),
  'POST /approval/:approval/reject': ed('reject', 'a draft', ''),
  [`POST ${ACCOUNT}/unknown-write/:key/settle`]: ed('settle', 'a write whose outcome was unknown', ''),
  [`PUT ${ACCOUNT}/secret/:name`]: ed('store', 'the webhook secret %', 'a webhook secret'),
  [`DELETE ${ACCOUNT}/secret/:name`]: ed('erase', 'the webhook secret %', 'a webhook secret'),
  [`POST ${ACCOUNT}/mcp`]: ed('create', 'the MCP server %', 'an MCP server'),
  [`PATCH ${SERVER}`]: ed('change', 'the MCP server %', 'an MCP server'),
  [`DELETE ${SERVER}`]: ed('revoke', 'the MCP server %', 'an MCP server'),
  [`POST ${SERVER}/rotate`]: act('gave a new URL to %', 'give a new URL to %', 'an MCP server'),
  [`DELETE ${SERVER}/grant/:grant`]: ed('end', 'the sign-in of %', 'a client'),
  'POST /person': ed('add', '%', 'a person or system'),
  'PATCH /person/:person': ed('change', '%', 'a person or system'),
  'DELETE /person/:person': ed('remove', '%, with all keys and sessions', 'a person or system'),
  'POST /api-token': ed('create', 'an API token for %', 'somebody'),
  'DELETE /api-token/:token': ed('revoke', 'the API token of %', 'somebody'),
  'PATCH /deployment': ed('change', 'who decides', ''),
  'POST /settings-draft/:settings/agree': act(
    'agreed to a change of settings',
    'agree to a change of settings',
    '',
  ),
  'POST /settings-draft/:settings/reject': act(
    'stopped a change of settings that waited',
    'stop a change of settings that waits',
    '',
  ),
  'POST /key/reseal': act(
    'brought stored credentials under the primary master key',
    'bring stored credentials under the primary master key',
    '',
  ),
  'POST /oauth/authorize': act('let the client % in', 'let the client % in', 'a client'),
  'POST /dashboard/sign-in': act('signed in to the dashboard', 'sign in to the dashboard', ''),
  'POST /dashboard/sign-in/:code': act('signed in by a one-time link', 'sign in by a one-time link', ''),
  'GET /dashboard/sign-in/company': act(
    'signed in at the company’s identity provider',
    'sign in at the company’s identity provider',
    '',
  ),
  'REST API with a key that is not valid': act(
    'used the API with a key that is not valid',
    'use the API with a key that is not valid',
    '',
  ),
  OIDC_ROLES: act(
    'changed which roles the company’s groups give',
    'change which roles the company’s groups give',
    '',
  ),
}

/** The words of a call. @param action verb and path template @returns null for one that has none */
export const actionWords = (action: string): ActionWords | null => {
  if (Object.hasOwn(ACTIONS, action)) return ACTIONS[action]!
  const path = /^(?:GET|HEAD) (.+)$/.exec(action)?.[1]
  return path !== undefined && Object.hasOwn(READS, path) ? read(READS[path]!) : null
}
