/** Every route of the REST API with every kind of key. Who may do what stands in matrix/table.ts, written from the design. */
import { listDurableObjectIds } from 'cloudflare:test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ROUTES } from '../../src/api/routes.ts'
import { app } from '../../src/app.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { type Key, keysMade, placesMade } from './matrix/keys.ts'
import { ASKINGS, type Asking, expected, type Verdict } from './matrix/table.ts'

const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext

let places: Awaited<ReturnType<typeof placesMade>>
let keys: Key[]

beforeAll(async () => {
  fakeFinexio()
  places = await placesMade()
  keys = await keysMade(places)
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const NOBODY = crypto.randomUUID()

const pathOf = (route: string, account: string, draft: string): string =>
  route
    .split(' ')[1]!
    .replace(':account', account)
    .replace(':approval', draft)
    .replaceAll(/:[a-z]+/g, NOBODY)

type Answer = { verdict: Verdict | 'fault'; status: number; text: string }

const UNKNOWN = /There is no (integrated account|draft) with this id/

const verdictOf = (status: number, text: string): Answer['verdict'] => {
  if (status === 401 || status === 403) return `${status}`
  if (status === 404 && UNKNOWN.test(text)) return '404'
  // Finexio is not there: whoever is let in makes it be asked.
  return status >= 500 && status !== 502 ? 'fault' : 'in'
}

/** A body that nothing is made of: who is let in hears what is wrong with it. */
const INVALID = { 'not a field': true }

const ask = async ({ route, body }: Asking, key: string | null, path: string): Promise<Answer> => {
  const [method] = route.split(' ')
  const takes = ROUTES.find(({ verb, path: own }) => `${verb} ${own}` === route)!.body !== undefined
  const request = new Request(new URL(path, 'https://mcp.test'), {
    method,
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }) },
    ...(takes && { body: JSON.stringify(body ?? INVALID) }),
  })
  const response = await app.fetch(request, env, ctx)
  const text = await response.text()
  return { verdict: verdictOf(response.status, text), status: response.status, text }
}

const ERASING = 'DELETE /integrated-account/:account'

test('the table names every route, and no other', () => {
  const named = new Set(ASKINGS.map(({ route }) => route))
  expect([...named].sort()).toEqual(ROUTES.map(({ verb, path }) => `${verb} ${path}`).sort())
})

/** An account to be deleted in the place of A, and a key that is to it as the one given is to A. */
const toErase = async (key: string | null, held: readonly string[]) => {
  const account = await connect('To be deleted')
  if (held.includes('admin')) return { account, key }
  const body = { name: 'confined', grants: [`admin:${account}`] }
  return { account, key: (await call('POST', '/api-token', { body })).body.token as string }
}

test('every route answers every kind of key as the design says', async () => {
  const wrong: string[] = []
  for (const asking of ASKINGS) {
    const answers = await Promise.all(
      keys.map(async ({ name, key, held }) => {
        const want = expected(asking, held)
        const spared = asking.route === ERASING && want === 'in' ? await toErase(key, held!) : null
        const path = pathOf(asking.route, spared?.account ?? places.A, places.draft)
        const { verdict, status } = await ask(asking, spared?.key ?? key, path)
        return verdict === want ? [] : [`${asking.route} with ${name}: ${status}, not ${want}`]
      }),
    )
    wrong.push(...answers.flat())
  }
  console.log(
    `${ROUTES.length} routes (${ASKINGS.length} askings) x ${keys.length} keys, ${wrong.length} answers that should not be`,
  )
  expect(wrong).toEqual([])
})

test('who was refused changed nothing, and strangers left no row in the trail of the account', async () => {
  expect((await call('GET', `/integrated-account/${places.A}`)).body).toMatchObject({ name: 'Hidden Corp' })
  expect((await call('GET', `/integrated-account/${places.A}/mcp`)).body.result).toHaveLength(2)
  expect((await call('GET', `/approval/${places.draft}`)).body).toMatchObject({ state: 'pending' })
  expect((await call('GET', '/writes')).body).toMatchObject({ stopped: false })
  const { result } = (
    await call('GET', `/log?log_type=management&integrated_account_id=${places.A}&limit=100`)
  ).body as {
    result: { action: string; http_status_code: number }[]
  }
  expect(result.length).toBeGreaterThan(10)
  // Of the account itself only strangers hear that there is none.
  const ofStrangers = result.filter(
    ({ action, http_status_code }) =>
      action === 'PATCH /integrated-account/:account' && http_status_code === 404,
  )
  expect(ofStrangers).toEqual([])
})

const ofAccount = ASKINGS.filter(({ reach }) => reach === 'account')
const made = async () => (await listDurableObjectIds(env.ACCOUNTS)).length
/** Of those who are let in somewhere: for all accounts, and for another one. */
const SOME = ['root', 'manage', 'audit', 'manage:B', 'use:A + use:B', 'approve']

test('an account that does not exist looks the same to all, and no object is made by asking for it', async () => {
  const some = keys.filter(({ name }) => SOME.includes(name))
  expect(some).toHaveLength(SOME.length)
  const wrong: string[] = []
  for (const asking of ofAccount)
    for (const { name, key, held } of some) {
      const before = await made()
      const madeUp = crypto.randomUUID()
      // Who holds a role everywhere is told which one is missing.
      const everywhere = held!.some((one) => !one.includes(':'))
      const { verdict, status } = await ask(asking, key, pathOf(asking.route, madeUp, mintDraftId(madeUp)))
      const fits = verdict === '404' || (everywhere && expected(asking, held) === '403' && verdict === '403')
      const more = (await made()) - before
      if (!fits || more > 0) wrong.push(`${asking.route} with ${name}: ${status}, ${more} objects`)
    }
  expect(wrong).toEqual([])
})

const TRAILS = [
  'GET /log',
  'GET /log/export',
  'GET /log/verify',
  'GET /log/status',
  'POST /log/verify',
] as const

/** As `some` and `all`, where the account stands in the query instead of the path. */
const wantedOf = (held: readonly string[], trail: 'A' | 'deployment'): string => {
  const places = held
    .filter((one) => /^(manage|audit|admin)/.test(one))
    .map((one) => [one.split(':')[0]!, one.split(':')[1] ?? 'all'] as const)
  if (places.length === 0) return '403'
  if (trail === 'deployment')
    return places.some(([role, place]) => place === 'all' && role !== 'manage') ? 'in' : '403'
  return places.some(([, place]) => place !== 'B') ? 'in' : '404'
}

/** What one key is wrongly told of one trail. */
const wronglyTold = async (route: string, { name, key, held }: Key, trail: 'A' | 'deployment') => {
  const id = trail === 'A' ? places.A : trail
  const asking = { route, reach: 'some', roles: [] } as const
  const { verdict, text } = await ask(asking, key, `${route.split(' ')[1]}?integrated_account_id=${id}`)
  return [
    ...(verdict === wantedOf(held!, trail) ? [] : [`${route} of ${trail} with ${name}: ${verdict}`]),
    ...(trail === 'A' && text.includes(places.B) ? [`${route} with ${name} shows another account`] : []),
  ]
}

test('a trail that the query names is confined as one in the path is, and shows no row of others', async () => {
  const living = keys.filter(({ held }) => held !== null)
  const told = TRAILS.flatMap((route) =>
    living.flatMap((key) => (['A', 'deployment'] as const).map((trail) => wronglyTold(route, key, trail))),
  )
  expect((await Promise.all(told)).flat()).toEqual([])
})
