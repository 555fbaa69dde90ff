/**
 * A22. At b8f2a26 none of this left a row: wrong keys, sign-ins to the dashboard, refused consents. Siblings that are not in
 * the list: a one-time link pressed twice, a key that may not use the dashboard, an MCP token sent as a key, a consent with a
 * key to another account.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mintApiToken, mintToken } from '../../src/rules/mcp-token.ts'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'
import { newProof } from '../oauth/sign-in.ts'
import { newApiToken, newPlace, oauth, signedIn } from '../oauth/support.ts'
import { placesMade } from './matrix/keys.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

type Row = {
  action: string
  actor_name: string
  actor_kind: string
  http_status_code: number
  target_id: string | null
}

const rowsOf = async (trail: string): Promise<Row[]> =>
  (await call('GET', `/log?log_type=management&integrated_account_id=${trail}&limit=100`)).body.result

/** What somebody did left these rows, oldest first: in the trail of an account, or in the deployment's. */
const leaves = async (act: () => Promise<unknown>, trail = 'deployment'): Promise<unknown[]> => {
  const before = (await rowsOf(trail)).length
  await act()
  const rows = (await rowsOf(trail)).reverse().slice(before)
  return rows.map(({ action, actor_kind, http_status_code }) => [action, actor_kind, http_status_code])
}

const KEY = 'REST API with a key that is not valid'

test('keys that open nothing leave one row a minute, in the deployment trail alone, without the key', async () => {
  const account = await connect()
  const [wrong, mcp] = [mintApiToken(), mintToken(account)]
  const tries = async () => {
    for (const key of [
      'not-the-root-of-all-tests-4f8Kq2Zx7-Lm',
      wrong,
      mcp,
      'the-root-of-all-tests-4f8Kq2Zx7-Lm ',
      'THE-ADMIN-KEY',
    ])
      for (const path of [`/integrated-account/${account}`, '/person', '/nothing'])
        await call('GET', path, { key })
    await call('DELETE', `/integrated-account/${account}`, { key: wrong })
  }
  expect(await leaves(tries)).toEqual([[KEY, 'unknown', 401]])
  expect(await leaves(tries)).toEqual([])
  expect(await leaves(tries, account)).toEqual([])
  const text = JSON.stringify(await rowsOf('deployment'))
  for (const secret of ['not-the-root-of-all-tests-4f8Kq2Zx7-Lm', wrong, mcp])
    expect(text).not.toContain(secret)
})

test('who signs in to the dashboard leaves a row, and who fails to', async () => {
  const SIGN_IN = 'POST /dashboard/sign-in'
  const clerk = (await newApiToken(['mcp'], 'Clerk')).token
  const boss = (await newApiToken(['admin'], 'Boss')).token
  const send = (key: string) => browser().send('POST', '/dashboard/sign-in', { form: { key } })
  expect(await leaves(() => send('wrong'))).toEqual([[SIGN_IN, 'unknown', 401]])
  expect(await leaves(() => send(clerk))).toEqual([[SIGN_IN, 'person', 403]])
  expect(await leaves(() => send(boss))).toEqual([[SIGN_IN, 'person', 303]])
  expect(await leaves(() => send('the-root-of-all-tests-4f8Kq2Zx7-Lm'))).toEqual([[SIGN_IN, 'root', 303]])
  expect(await leaves(() => send(mintApiToken()))).toEqual([])
  const text = JSON.stringify(await rowsOf('deployment'))
  for (const secret of [clerk, boss, 'the-root-of-all-tests-4f8Kq2Zx7-Lm', 'wrong'])
    expect(text).not.toContain(secret)
})

/** The page that asks for consent, opened in a browser of its own. */
const consent = async (resource: string) => {
  const { challenge } = await newProof()
  const client_id = await oauth.publicClient()
  return oauth.open({
    client_id,
    resource,
    scope: 'mcp:read',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
}

test('a refused consent leaves a row: of the account where its people tried, else of the deployment', async () => {
  const CONSENT = 'POST /oauth/authorize'
  const { accountId, resource } = await newPlace()
  const own = (await newApiToken([`account:${accountId}`], 'Manager')).token
  const others = (await newApiToken(['mcp', `account:${await connect('Other')}`], 'Neighbor')).token
  const submit = async (fields: Record<string, string>) => oauth.submit(await consent(resource), fields)
  const both = async (fields: Record<string, string>) => {
    let inAccount: unknown[] = []
    const inDeployment = await leaves(async () => {
      inAccount = await leaves(() => submit(fields), accountId)
    })
    return { inAccount, inDeployment }
  }
  expect(await both({ api_token: own })).toEqual({ inAccount: [[CONSENT, 'person', 403]], inDeployment: [] })
  expect(await both({ api_token: others })).toEqual({
    inAccount: [],
    inDeployment: [[CONSENT, 'person', 403]],
  })
  expect(await both({ api_token: 'guess' })).toEqual({
    inAccount: [],
    inDeployment: [[CONSENT, 'unknown', 403]],
  })
  // A person who declines is another refusal than a key that is wrong.
  expect(await both({ decision: 'deny' })).toEqual({
    inAccount: [],
    inDeployment: [[CONSENT, 'unknown', 403]],
  })
  const text = JSON.stringify([await rowsOf('deployment'), await rowsOf(accountId)])
  for (const secret of [own, others, 'guess']) expect(text).not.toContain(secret)
})

test('a refused decision leaves a row in the trail of the account that names the draft', async () => {
  const { A, draft } = await placesMade()
  const { token } = (
    await call('POST', '/api-token', { body: { name: 'Late', kind: 'person', grants: ['approve'] } })
  ).body
  const decide = (key: string, id = draft) => call('POST', `/approval/${id}/approve`, { key })
  const seen = async () =>
    (await rowsOf(A)).map(({ actor_name, http_status_code, target_id }) => [
      actor_name,
      http_status_code,
      target_id,
    ])
  await decide(token)
  for (let times = 0; times < 5; times++) await decide('the-root-of-all-tests-4f8Kq2Zx7-Lm')
  expect((await seen()).slice(0, 2)).toEqual([
    ['admin key', 403, draft],
    ['Late', 403, draft],
  ])
  // A stranger's decision is the deployment's to know, and names nothing.
  const stranger = (await newApiToken(['approve', `account:${await connect('Far')}`], 'Stranger')).token
  const before = await seen()
  expect((await decide(stranger)).status).toBe(404)
  expect(await seen()).toEqual(before)
  const [row] = await rowsOf('deployment')
  expect(row).toMatchObject({ actor_name: 'Stranger', http_status_code: 404 })
  expect(JSON.stringify(row)).not.toContain(draft)
})

test('who signed in with consent is in the trail of the account, and the trails hold', async () => {
  const place = await newPlace()
  expect(await leaves(() => signedIn(place), place.accountId)).toEqual([
    ['POST /oauth/authorize', 'person', 200],
  ])
  for (const trail of ['deployment', place.accountId])
    expect((await call('GET', `/log/verify?integrated_account_id=${trail}`)).body).toMatchObject({
      valid: true,
    })
})
