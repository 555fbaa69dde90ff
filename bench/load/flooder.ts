/**
 * A process of its own: a crowd that calls one URL over so many connections, each again as soon as it is served, until its stdin
 * ends. Prints when all have been answered once, and in the end how often they were, by status.
 */
import { Agent, request } from 'node:http'
import { requestOf } from './requests.ts'

const [url, connections, manner] = process.argv.slice(2) as [string, string, 'waits' | 'hammers']

const { headers, body } = requestOf('tools/call', 'legacy')
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
const statuses: Record<number, number> = {}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

type Answer = { status: number; wait: number }

const call = () =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      const { statusCode: status = 0, headers: given } = response
      response.resume().on('end', () => resolve({ status, wait: Number(given['retry-after'] ?? 0) }))
    })
    sent.on('error', reject).end(body)
  })

const one = async (said: () => void): Promise<void> => {
  for (;;) {
    const { status, wait } = await call()
    statuses[status] = (statuses[status] ?? 0) + 1
    said()
    // Who waits was told whole seconds, and comes in the one after: no crowd out there moves in step.
    if (manner === 'waits' && wait > 0) await pause((wait + Math.random()) * 1_000)
  }
}

let first = Number(connections)
const crowd = Array.from({ length: first }, async () => {
  let heard = false
  await pause(Math.random() * 1_000)
  return one(() => {
    if (!heard && --first === 0) console.log('all')
    heard = true
  })
})
process.stdin.resume().on('close', () => {
  console.log(JSON.stringify(statuses))
  process.exit()
})
await Promise.all(crowd)
