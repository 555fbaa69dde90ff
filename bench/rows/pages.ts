/** What a page of the dashboard costs beside a bare hono/jsx page with the same Durable Object calls, in one process. */
import { Agent, get } from 'node:http'
import { createAccount, createServer } from '../../scripts/local/management.ts'
import { quantile } from '../stats.ts'
import { deploy } from '../targets/targets.ts'

const SERVERS = 10

/** Median milliseconds to the whole answer; `ratio`: of the page to the bare one. */
export type PageFigures = { page: number; bare: number; ratio: number }

const signIn = async (baseUrl: string, key: string): Promise<string> => {
  const response = await fetch(`${baseUrl}/dashboard/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: baseUrl, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ key }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (!cookie) throw new Error(`The dashboard let nobody in: HTTP ${response.status}`)
  return cookie
}

const seed = async (baseUrl: string, adminApiKey: string, base_url: string): Promise<string> => {
  const api = { baseUrl, adminApiKey }
  const credentials = { username: 'bench', password: 'made-up-for-the-bench' }
  const { id } = await createAccount(api, { name: 'Bench', credentials, base_url })
  for (let count = 0; count < SERVERS; count++)
    await createServer(api, id, { name: `Server ${count}`, config: { methods: ['read'] } })
  return id
}

/** Milliseconds until the whole page was there. @throws unless it is the page that is to be measured */
const timed = (url: string, cookie: string, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const begun = performance.now()
    const request = get(url, { agent, headers: { cookie } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => {
        if (text.includes(`Server ${SERVERS - 1}`)) resolve(performance.now() - begun)
        else
          reject(new Error(`${new URL(url).pathname} answered HTTP ${response.statusCode} and another page.`))
      })
    })
    request.on('error', reject)
  })

/** A person asks for one page at a time; taken in turn, whatever disturbs the machine disturbs both alike. */
const inTurn = async (urls: readonly string[], cookie: string, count: number): Promise<number[][]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times = urls.map((): number[] => [])
  for (let round = 0; round < count; round++)
    for (const [index, url] of urls.entries()) times[index]!.push(await timed(url, cookie, agent))
  agent.destroy()
  return times
}

/**
 * @param upstream address of something that accepts any credentials
 * @param count of each page, after a tenth as many to warm up
 */
export const measurePages = async (upstream: string, count: number): Promise<PageFigures> => {
  const { url, secrets, stop } = await deploy('page', upstream)
  try {
    const account = await seed(url, secrets.ADMIN_API_KEY, upstream)
    const cookie = await signIn(url, secrets.ADMIN_API_KEY)
    const urls = [`${url}/dashboard/accounts/${account}`, `${url}/bare/${account}`]
    await inTurn(urls, cookie, count / 10)
    const [page, bare] = (await inTurn(urls, cookie, count)).map((times) => quantile(times, 0.5))
    return { page: page!, bare: bare!, ratio: page! / bare! }
  } finally {
    await stop()
  }
}
