/**
 * `npm run bench -- --scale`: does a call cost the same in an account with 10,000 MCP servers, in a deployment with 1,000
 * accounts? And how long do listing, reading the log and deleting take then? One run, one deployment, ratios of medians.
 */
import { manage } from '../../scripts/local/management.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import { startStack } from '../../scripts/local/stack.ts'
import { inLanes } from '../lanes.ts'
import { requestOf } from '../load/requests.ts'
import { startUpstream } from '../targets/targets.ts'

const FEW = 10
const MANY_SERVERS = 10_000
const MANY_ACCOUNTS = 1_000
const CALLS = 1_500
const PAGES = 300
const MOST = 1.1

type Api = { baseUrl: string; adminApiKey: string }

const ms = async (task: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await task()
  return performance.now() - begun
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))]!

const connect = async (api: Api, name: string, base_url: string): Promise<string> => {
  const credentials = { username: 'bench', password: 'made-up-for-the-bench' }
  const body = { name, credentials, base_url }
  return (await manage<{ id: string }>(api, 'POST', '/integrated-account', body)).id
}

const serve = async (api: Api, account: string): Promise<string> =>
  (await manage<{ url: string }>(api, 'POST', `/integrated-account/${account}/mcp`, { name: 'x' })).url

const CALL = { method: 'POST', ...requestOf('tools/call', 'legacy') }

const call = async (url: string): Promise<void> => {
  const response = await fetch(url, CALL)
  const text = await response.text()
  if (response.status !== 200 || text.includes('"isError":true'))
    throw new Error(`A call answered ${response.status}: ${text}`)
}

/** Calls to each URL in turn, so that whatever disturbs the machine disturbs all alike. */
const perCall = async (urls: Record<string, string>): Promise<Record<string, number[]>> => {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(urls).map((name) => [name, []]))
  for (const url of Object.values(urls)) for (let count = 0; count < 100; count++) await call(url)
  for (let count = 0; count < CALLS; count++)
    for (const [name, url] of Object.entries(urls)) times[name]!.push(await ms(() => call(url)))
  return times
}

const many = async (count: number, task: (index: number) => Promise<unknown>) => {
  const begun = performance.now()
  await inLanes(count, 12, task)
  return (performance.now() - begun) / 1000
}

const paged = async (api: Api, path: string): Promise<number[]> => {
  const times: number[] = []
  let cursor = ''
  for (let count = 0; count < PAGES; count++) {
    const query = cursor && `&next_cursor=${encodeURIComponent(cursor)}`
    times.push(
      await ms(
        async () =>
          (cursor =
            (await manage<{ next_cursor: string | null }>(api, 'GET', `${path}limit=100${query}`))
              .next_cursor ?? ''),
      ),
    )
  }
  return times
}

const row = (name: string, times: readonly number[]) =>
  `${name.padEnd(52)} ${quantile(times, 0.5).toFixed(2).padStart(8)} ${quantile(times, 0.99).toFixed(2).padStart(8)}`

/** @returns whether every ratio is within its line */
export const scale = async (): Promise<boolean> => {
  const upstream = await startUpstream()
  const secrets = randomSecrets()
  const stack = await startStack({ secrets, finexioBaseUrl: upstream.url })
  const api = { baseUrl: stack.baseUrl, adminApiKey: secrets.ADMIN_API_KEY }
  try {
    const small = await connect(api, 'ten servers', upstream.url)
    const smallUrls = []
    for (let count = 0; count < FEW; count++) smallUrls.push(await serve(api, small))
    const before = (await perCall({ alone: smallUrls[0]! })).alone!
    const large = await connect(api, 'ten thousand servers', upstream.url)
    const largeUrls: string[] = []
    const servers = await many(MANY_SERVERS, async () => void largeUrls.push(await serve(api, large)))
    const accounts = await many(MANY_ACCOUNTS, (index) => connect(api, `account ${index}`, upstream.url))
    console.log(
      `Made ${MANY_SERVERS} servers in ${servers.toFixed(0)} s and ${MANY_ACCOUNTS} accounts in ${accounts.toFixed(0)} s.\n`,
    )
    const times = await perCall({ few: smallUrls[0]!, first: largeUrls[0]!, last: largeUrls.at(-1)! })
    const { few, first, last } = times as Record<'few' | 'first' | 'last', number[]>
    console.log(`${'milliseconds'.padEnd(52)} ${'median'.padStart(8)} ${'p99'.padStart(8)}`)
    console.log(row(`call, ${FEW} servers in the account, 1 account`, before))
    console.log(row(`call, ${FEW} servers in the account, ${MANY_ACCOUNTS} accounts`, few))
    console.log(row(`call, ${MANY_SERVERS} servers, oldest`, first))
    console.log(row(`call, ${MANY_SERVERS} servers, newest`, last))
    console.log(
      row(`list servers, 100 of ${MANY_SERVERS}`, await paged(api, `/integrated-account/${large}/mcp?`)),
    )
    console.log(row(`list accounts, 100 of ${MANY_ACCOUNTS}`, await paged(api, '/integrated-account?')))
    console.log(
      row(
        `log of an account with ${MANY_SERVERS} rows and more, 100 rows`,
        await paged(api, `/log?log_type=all&integrated_account_id=${large}&`),
      ),
    )
    console.log(
      row(
        'log filtered by a tool that was never called',
        await paged(api, `/log?integrated_account_id=${large}&log_type_filter[tool_name]=x&`),
      ),
    )
    console.log(
      row(`delete an account with ${MANY_SERVERS} servers`, [
        await ms(() => manage(api, 'DELETE', `/integrated-account/${large}`)),
      ]),
    )
    console.log(
      row(`delete an account with ${FEW} servers`, [
        await ms(() => manage(api, 'DELETE', `/integrated-account/${small}`)),
      ]),
    )
    const ratios = [first, last].map((one) => quantile(one, 0.5) / quantile(few, 0.5))
    console.log(
      `\nA call with ${MANY_SERVERS} servers costs ${ratios.map((ratio) => ratio.toFixed(3)).join(' and ')} of one with ${FEW} (line: ${MOST}).`,
    )
    return ratios.every((ratio) => ratio <= MOST)
  } finally {
    await stack.stop()
    upstream.stop()
  }
}
