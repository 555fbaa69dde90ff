/**
 * The server that is made from a description. What 0.1.0 sent (D10, D11, seen at b8f2a26) it refuses: dates in the place of
 * times, two values of one parameter, a contact in an array. Siblings: a time without seconds, a page that is no number, two contacts.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describedBy } from '../../scripts/try-openapi/description.ts'
import { type StrictServer, strictServer } from '../../scripts/try-openapi/server.ts'

const small = JSON.parse(readFileSync(join(import.meta.dirname, 'small-openapi.json'), 'utf8'))
let server: StrictServer

beforeAll(async () => {
  server = await strictServer(describedBy(small), () => false)
})
afterAll(() => server.stop())

const ask = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const problems = server.taken().map(({ at, rule }) => `${at}: ${rule}`)
  return { status: response.status, body: text === '' ? null : JSON.parse(text), problems }
}

const CONTACTS = '/counterparties/suppliers/s 1/contacts'
const contact = { primary: true, name: 'Ann' }

test.each([
  ['created_start=2026-10-31', 'query created_start: format date-time'],
  ['created_start=2026-10-31T08:15:30', 'query created_start: format date-time'],
  ['created_end=2026-10-31T08:15Z', 'query created_end: format date-time'],
  ['created_end=2026-13-31T08:15:30Z', 'query created_end: format date-time'],
  ['page=one', 'query page: type integer'],
  ['status=canceled', 'query status: enum'],
  ['tracking_id=a&tracking_id=b', 'query tracking_id: one value'],
  ['refunded=true', 'query refunded: unknown parameter'],
])('a list with %s is refused', async (query, problem) => {
  expect(await ask(`/payments/?${query}`)).toMatchObject({ status: 422, problems: [problem] })
})

test.each([
  [
    'two values of one internal_id',
    '/counterparties/?internal_id=a&internal_id=A',
    undefined,
    'query internal_id: one value',
  ],
  ['a contact in an array', CONTACTS, [contact], 'body: type object'],
  ['two contacts in an array', CONTACTS, [contact, contact], 'body: type object'],
  ['a contact without what it needs', CONTACTS, { name: 'Ann' }, 'body/primary: required'],
  ['text for a boolean', CONTACTS, { primary: 'true' }, 'body/primary: type boolean'],
  ['a long name', CONTACTS, { ...contact, name: 'x'.repeat(41) }, 'body/name: maxLength'],
  ['no address', CONTACTS, { ...contact, email: 'ann' }, 'body/email: format email'],
  ['a field of nobody', CONTACTS, { ...contact, nickname: 'A' }, 'body/nickname: unknown field'],
  ['an id of ours', CONTACTS, { ...contact, id: '1' }, 'body/id: readOnly'],
  ['webhooks below the base, as G8 has it', '/webhooks/', undefined, 'path: server'],
])('%s is refused', async (_, path, body, problem) => {
  expect(await ask(path, body)).toMatchObject({ status: 422, problems: [problem] })
})

test('what is not described is not there', async () => {
  expect(await ask('/payments')).toMatchObject({ status: 404, problems: ['path: unknown path'] })
  expect(await ask('/payments/p/', {})).toMatchObject({ status: 404, problems: ['path: unknown path'] })
})

test('what is described is answered by an example, page by page', async () => {
  const query = 'created_start=2026-10-31T00:00:00Z&created_end=2026-10-31T23:59:59.999999%2B02:00'
  const { body, problems } = await ask(`/payments/?${query}`)
  expect(problems).toEqual([])
  expect(body).toMatchObject({ count: 3, next: `${server.url}/payments/?page=2` })
  expect(body.results).toEqual([
    { id: 'example id 1', amount_cents: 1, created: '2026-11-02T09:30:00Z', status: 'settled' },
  ])
  expect((await ask('/payments/?page=3')).body).toMatchObject({
    next: null,
    results: [{ id: 'example id 3' }],
  })
  expect((await ask('/payments/a%2Fb/')).body).toMatchObject({ id: 'example id' })
  expect((await ask(CONTACTS, contact)).body).toBeNull()
  expect(await ask(`${CONTACTS}/c1`, undefined, 'DELETE')).toMatchObject({ status: 200, body: true })
})

test('a file that is none is refused', () => {
  expect(() => describedBy({})).toThrow('This is no OpenAPI file')
})
