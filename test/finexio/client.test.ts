import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFinexio, type FinexioOptions, verifyCredentials } from '../../src/finexio/client.ts'
import { readErrorBody } from '../../src/finexio/error-body.ts'
import { explain } from '../../src/finexio/explain.ts'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { FinexioRequest } from '../../src/finexio/types.ts'
import { runs } from '../support/size.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let requests: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[]
let answer: Answer
let base: string
let close: () => void

beforeEach(async () => {
  requests = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, headers: request.headers, body })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`
  close = () => {
    server.closeAllConnections()
    server.close()
  }
})
afterEach(() => close())

const SECRET = 'canary-pass-wörd'
const READ: FinexioRequest = {
  verb: 'GET',
  path: '/payments/p1/',
  template: '/payments/{id}/',
  effect: 'read',
}
const WRITE: FinexioRequest = {
  verb: 'POST',
  path: '/invoices/batch/',
  template: '/invoices/batch/',
  body: [{ a: 1 }],
  effect: 'money',
}

/** For what never answers; on a busy machine all else takes its time. */
const SILENCE = { readMs: 300, writeMs: 300 }

const finexio = (more: Partial<FinexioOptions> = {}) =>
  createFinexio({
    baseUrl: base,
    credentials: { username: 'üser', password: SECRET },
    limits: { readMs: 10_000, writeMs: 10_000 },
    ...more,
  })

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
const text =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers)
    response.end(body)
  }

const failing = async (
  request: FinexioRequest,
  more: Partial<FinexioOptions> = {},
): Promise<FinexioFailure> => {
  const thrown = await finexio(more)
    .send(request)
    .then(
      () => null,
      (error: unknown) => error,
    )
  expect(thrown).toBeInstanceOf(FinexioFailure)
  expect(requests.length).toBeLessThanOrEqual(1)
  const failure = thrown as FinexioFailure
  const everything = `${failure.stack} ${JSON.stringify(failure)} ${explain(failure)}`
  for (const secret of [SECRET, 'Basic ', Buffer.from(`üser:${SECRET}`).toString('base64'), base])
    expect(everything).not.toContain(secret)
  return failure
}

describe('a request', () => {
  it('is one, with our headers alone, exact path and padded Basic credentials', async () => {
    answer = json(200, { id: 'p1' }, { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9' })
    const reply = await finexio().send({
      ...READ,
      query: { status: 'settled', refunded: true, internal_id: ['a', 'A B'], none: undefined },
    })
    expect(reply).toEqual({
      status: 200,
      body: { id: 'p1' },
      rate: { limit: 10, remaining: 9, reset: null },
      url: `${base}/payments/p1/`,
    })
    expect(requests).toHaveLength(1)
    const [{ method, url, headers }] = requests as [(typeof requests)[0]]
    expect([method, url]).toEqual([
      'GET',
      '/v2/payments/p1/?status=settled&refunded=true&internal_id=a&internal_id=A+B',
    ])
    expect(headers.authorization).toBe(`Basic ${Buffer.from(`üser:${SECRET}`).toString('base64')}`)
    const transport = ['host', 'connection', 'accept-encoding', 'accept-language', 'sec-fetch-mode']
    expect(
      Object.keys(headers)
        .filter((name) => !transport.includes(name))
        .toSorted(),
    ).toEqual(['accept', 'authorization', 'user-agent'])
  })

  it('carries JSON only with a body', async () => {
    answer = json(201, [])
    await finexio().send(WRITE)
    expect(requests[0]?.headers['content-type']).toBe('application/json')
    expect(requests[0]?.body).toBe('[{"a":1}]')
  })

  it('goes to the webhook base where that differs', async () => {
    answer = json(200, { results: [] })
    await verifyCredentials(finexio({ webhookBaseUrl: new URL(base).origin }))
    expect(requests[0]?.url).toBe('/webhooks/')
  })

  it.each([
    [204, ''],
    [200, ''],
    [200, '  '],
  ])('takes an empty answer of %d for none', async (status, body) => {
    answer = text(status, body)
    expect((await finexio().send(WRITE)).body).toBeNull()
  })
})

describe('a failure', () => {
  it.each([
    [
      'bad credentials',
      json(403, { detail: 'Invalid username/password.' }),
      'bad_credentials',
      'bad_credentials',
    ],
    ['401', json(401, { detail: 'no' }), 'bad_credentials', 'bad_credentials'],
    [
      'a missing permission',
      json(403, { detail: 'You do not have permission to perform this action.' }),
      'forbidden',
      'outcome_unknown',
    ],
    ['404', json(404, { detail: 'Not found.' }), 'not_found', 'outcome_unknown'],
    ['field errors', json(400, { name: ['This field is required.'] }), 'invalid', 'invalid'],
    ['a conflict', json(409, {}), 'invalid', 'outcome_unknown'],
    ['a client that went away', text(499, ''), 'invalid', 'outcome_unknown'],
    ['429 without numbers', text(429, ''), 'throttled', 'throttled'],
    [
      '403 with Retry-After',
      json(403, { detail: 'slow down' }, { 'retry-after': '5' }),
      'throttled',
      'outcome_unknown',
    ],
    ['503 with Retry-After', text(503, '', { 'retry-after': '7' }), 'throttled', 'outcome_unknown'],
    ['503', text(503, 'busy'), 'upstream_fault', 'outcome_unknown'],
    ['500', json(500, { detail: 'boom' }), 'upstream_fault', 'outcome_unknown'],
    [
      'HTML',
      text(200, '<!doctype html><html>hi</html>', { 'content-type': 'text/html' }),
      'upstream_fault',
      'outcome_unknown',
    ],
    ['cut JSON', text(200, '{"id": "p'), 'upstream_fault', 'outcome_unknown'],
    ['a redirect', text(302, '', { location: 'https://evil.example/' }), 'upstream_fault', 'outcome_unknown'],
    ['silence', () => {}, 'no_answer', 'outcome_unknown'],
    [
      'a connection dropped before the answer',
      (request: IncomingMessage) => request.socket.destroy(),
      'no_answer',
      'outcome_unknown',
    ],
    [
      'a connection dropped in mid-answer',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"id": ')
        setTimeout(() => response.destroy(), 20)
      },
      'no_answer',
      'outcome_unknown',
    ],
    [
      'an answer that never reaches its declared length',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
        response.write('{"id": ')
      },
      'no_answer',
      'outcome_unknown',
    ],
    [
      'an answer that never ends',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"id": ')
      },
      'no_answer',
      'outcome_unknown',
    ],
  ] as [string, Answer, string, string][])('%s: a read is %s%s', async (_, given, onRead, onWrite) => {
    answer = given
    const more = onRead === 'no_answer' ? { limits: SILENCE } : {}
    expect((await failing(READ, more)).kind).toBe(onRead)
    requests = []
    expect((await failing(WRITE, more)).kind).toBe(onWrite)
    expect(requests).toHaveLength(1)
  })

  // At b8f2a26 these were refusals, also where Finexio had stored the write: B12 (503), B30 (403, 404, 409, 499).
  // Siblings: 410, 422, 423, 425.
  it.each([403, 404, 409, 410, 413, 422, 423, 425, 451, 499, 503, 507, 511])(
    'of a write is unknown for the undocumented status %d, with the numbers that came with it',
    async (status) => {
      answer = json(status, { detail: 'no' }, { 'retry-after': '9', 'x-ratelimit-remaining': '0' })
      for (const effect of ['money', 'write'] as const) {
        requests = []
        const failure = await failing({ ...WRITE, effect })
        expect(failure).toMatchObject({ kind: 'outcome_unknown', status, retryAfter: 9 })
        expect(explain(failure)).toMatch(/OUTCOME UNKNOWN.*Wait 9 s/)
        expect(explain(failure)).not.toMatch(/not executed|Correct it/)
      }
    },
  )

  it('of a write that names its record is a refusal for the documented 404', async () => {
    answer = json(404, {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'No supplier has this id.',
    })
    const change = {
      ...WRITE,
      path: '/counterparties/suppliers/x/',
      template: '/counterparties/suppliers/{id}/',
    }
    for (const verb of ['PUT', 'PATCH', 'DELETE'] as const) {
      requests = []
      expect((await failing({ ...change, verb })).kind).toBe('not_found')
    }
    requests = []
    expect((await failing({ ...change, verb: 'POST' })).kind).toBe('outcome_unknown')
  })

  it('of a write is refused credentials only in the words that Finexio documents', async () => {
    answer = json(403, { detail: 'Your credential lacks a permission for this.' })
    expect((await failing(WRITE)).kind).toBe('outcome_unknown')
    requests = []
    expect((await failing(READ)).kind).toBe('bad_credentials')
  })

  it('is an answer of more than 8 MB, of which nothing is taken', async () => {
    answer = text(200, `"${'x'.repeat(10_000_000)}"`)
    expect((await failing(READ)).kind).toBe('upstream_fault')
    requests = []
    expect((await failing(WRITE)).kind).toBe('outcome_unknown')
  })

  it('names the rows and fields of a refused batch', async () => {
    answer = json(400, [
      { amount_cents: ['This field is required.'] },
      {},
      { invoice_number: ['exists already'] },
    ])
    const failure = await failing(WRITE)
    expect(failure.rows).toEqual([
      { index: 0, fields: { amount_cents: ['This field is required.'] } },
      { index: 2, fields: { invoice_number: ['exists already'] } },
    ])
    expect(explain(failure)).toMatch(
      /body\[0\] amount_cents: This field is required\.\nbody\[2\] invoice_number: exists already/,
    )
  })

  // Seen by the fourth new user: a refused batch of one said "1 rows have problems" and spoke of "the other rows".
  it.each([
    [1, /batch: 1 row has problems\.\n.*\nCorrect it before sending it again\.$/],
    [
      2,
      /batch: 1 row has problems\.\n.*\nOUTCOME UNKNOWN of the other row: .*it was stored\. Do not send it again/,
    ],
    [
      3,
      /batch: 1 row has problems\.\n.*\nOUTCOME UNKNOWN of the other 2 rows: .*they were stored\. Do not send any/,
    ],
  ])('counts the rows of a refused batch of %i', async (sent, said) => {
    answer = json(400, [{ amount_cents: ['This field is required.'] }])
    const failure = await failing({ ...WRITE, body: Array.from({ length: sent }, () => ({})) })
    expect(explain(failure)).toMatch(said)
  })

  // A batch may have been stored in part whatever the refusal says of rows.
  it.each([
    [1, /^Finexio answered 400: No\. Correct it before calling again\.$/],
    [3, /^Finexio answered 400: No\. OUTCOME UNKNOWN of its 3 rows: /],
  ])('says so of a batch of %i that is refused as a whole', async (sent, said) => {
    answer = json(400, { detail: 'No.' })
    const failure = await failing({ ...WRITE, body: Array.from({ length: sent }, () => ({})) })
    expect(explain(failure)).toMatch(said)
  })

  it('tells how many calls are left and how long to wait', async () => {
    answer = json(429, {}, { 'RateLimit-Limit': '60', 'RateLimit-Remaining': '0', 'RateLimit-Reset': '17' })
    const failure = await failing(READ)
    expect(failure).toMatchObject({ rate: { limit: 60, remaining: 0, reset: 17 }, retryAfter: 17 })
    expect(explain(failure)).toMatch(/0 of 60 calls are left\. Wait 17 s .* nothing was retried/)
  })

  it('never says failed of a write that left', async () => {
    answer = () => {}
    expect(explain(await failing(WRITE, { limits: SILENCE }))).toMatch(/OUTCOME UNKNOWN.*not repeated/)
  })

  it('is not sent where the base is no URL', () => {
    expect(() => finexio({ baseUrl: 'nonsense' })).toThrow(FinexioFailure)
  })

  it('keeps markup and invisible characters out of messages', async () => {
    answer = text(400, '<html><script>alert(1)</script></html>')
    expect(explain(await failing(READ))).not.toContain('<script')
    requests = []
    answer = json(400, { detail: `a\u202eb\u200bc ${'x'.repeat(9_000)}` })
    const words = explain(await failing(READ))
    expect(words).toContain('abc')
    expect(words.length).toBeLessThan(1_000)
  })
})

describe('readErrorBody', () => {
  it.each([
    [
      'ProblemDetails',
      { type: 'about:blank', title: 'Not Found', status: 404, detail: 'No supplier has this id.' },
      { message: 'No supplier has this id.' },
    ],
    ['a title alone', { title: 'Conflict' }, { message: 'Conflict' }],
    ['a text', 'Try again', { message: 'Try again' }],
    ['a list of texts', ['one', 'two'], { message: 'one two' }],
    ['nested fields', { contacts: [{}, { email: ['bad'] }] }, { fields: { contacts: ['bad'] } }],
    ['a field with one text', { url: 'bad' }, { fields: { url: ['bad'] } }],
  ])('reads %s', (_, body, expected) => {
    expect(readErrorBody(JSON.stringify(body), body)).toMatchObject(expected)
  })
  it('never throws and stays short', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (body) => {
        const read = readErrorBody(JSON.stringify(body), body)
        expect(read.message?.length ?? 0).toBeLessThanOrEqual(32_000)
      }),
      runs(2_000),
    )
  })
})
