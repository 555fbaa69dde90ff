/** A server made from a description alone: refuses what it does not describe, answers with what it does. On 127.0.0.1. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Described, keyOf, type Operation } from './description.ts'
import { exampleOf, onPage } from './example.ts'
import { type Asked, type Problem, problemsOf } from './validate.ts'

/** What came, as `GET /payments/{}/` of the description, and what was wrong with it. */
export type Seen = Problem & { operation: string }

export type StrictServer = {
  /** Base of its API, version path included. */
  url: string
  /** Every problem since the last call of `taken`. */
  taken(): Seen[]
  /** Operations that were asked so far. */
  asked: ReadonlySet<string>
  requests(): number
  stop(): Promise<void>
}

type Place = { operation: Operation; path: Record<string, string>; elsewhere: boolean }

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const valuesIn = (template: string, path: string): Record<string, string> | null => {
  const [want, got] = [template.split('/'), path.split('/')]
  if (want.length !== got.length) return null
  const pairs = want.map((word, at) => [word, got[at]!] as const)
  const isPlace = (word: string) => /^\{\w+\}$/.test(word)
  if (pairs.some(([word, text]) => (isPlace(word) ? text === '' : word !== text))) return null
  return Object.fromEntries(
    pairs.filter(([word]) => isPlace(word)).map(([word, text]) => [word.slice(1, -1), decoded(text)]),
  )
}

/** The operation of a path; a literal path before one with places. `elsewhere`: below another base than its own. */
const placeOf = ({ operations }: Described, verb: string, path: string): Place | null => {
  const bases = [...new Set(operations.map(({ base }) => base))]
  const found = operations
    .filter((operation) => operation.verb === verb)
    .flatMap((operation) =>
      bases.flatMap((base): Place[] => {
        if (!path.startsWith(`${base}/`)) return []
        const values = valuesIn(operation.path, path.slice(base.length))
        return values ? [{ operation, path: values, elsewhere: base !== operation.base }] : []
      }),
    )
  const rank = (place: Place) => Object.keys(place.path).length * 2 + Number(place.elsewhere)
  return found.sort((a, b) => rank(a) - rank(b))[0] ?? null
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

const answer = (response: ServerResponse, status: number, body: unknown) => {
  const text = status === 204 || body === undefined ? '' : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}

const PLACE: Problem = { at: 'path', rule: 'server', says: 'it is described below another server' }
const NOWHERE: Problem = { at: 'path', rule: 'unknown path', says: 'it is not described' }

/** @param isAccepted whether a problem is one of the description, and so lets the request pass */
export const strictServer = async (
  described: Described,
  isAccepted: (seen: Seen) => boolean,
): Promise<StrictServer> => {
  let seen: Seen[] = []
  let requests = 0
  const asked = new Set<string>()
  const judged = (found: Seen[]): boolean => {
    seen.push(...found)
    return found.every(isAccepted)
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    requests++
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const [verb, body] = [request.method ?? 'GET', await bodyOf(request)]
    const place = placeOf(described, verb, url.pathname)
    if (!place) {
      judged([{ ...NOWHERE, operation: `${verb} ${url.pathname}` }])
      return answer(response, 404, { detail: 'Not found.' })
    }
    const { operation, path, elsewhere } = place
    const key = keyOf(verb, operation.path)
    asked.add(key)
    const given: Asked = {
      path,
      query: url.searchParams,
      contentType: request.headers['content-type'] ?? '',
      body,
    }
    const problems = [...(elsewhere ? [PLACE] : []), ...problemsOf(given, operation, described)]
    if (!judged(problems.map((problem) => ({ ...problem, operation: key }))))
      return answer(response, 422, { detail: problems.map(({ at, rule }) => `${at}: ${rule}`).join('; ') })
    const example = operation.answer && exampleOf(operation.answer, described)
    const page = Number(url.searchParams.get('page') ?? 1)
    answer(
      response,
      operation.status,
      example === null ? undefined : onPage(example, page, url.origin + url.pathname),
    )
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((fault: unknown) => answer(response, 500, { detail: String(fault) }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${described.base}`,
    taken: () => {
      const taken = seen
      seen = []
      return taken
    },
    asked,
    requests: () => requests,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
