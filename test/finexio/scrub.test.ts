/** What comes back carries no credential. At b8f2a26 each of these reached the model as it came. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFinexio } from '../../src/finexio/client.ts'
import { explain } from '../../src/finexio/explain.ts'
import type { FinexioFailure } from '../../src/finexio/failure.ts'
import { scrubberOf } from '../../src/finexio/scrub.ts'

const PASSWORD = 'p&ss "wörd"/1+2?'
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const HEADER = base64(`robot:${PASSWORD}`)

const FORMS: readonly [string, string][] = [
  ['as it is', PASSWORD],
  ['in a URL', encodeURIComponent(PASSWORD)],
  ['in a form', new URLSearchParams({ p: PASSWORD }).toString().slice(2)],
  ['as JSON in a text', JSON.stringify(PASSWORD).slice(1, -1)],
  ['in a page', 'p&amp;ss &quot;wörd&quot;/1+2?'],
  ['in the header', HEADER],
  ['in the header, base64 for URLs', HEADER.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
  ['in a header that was cut', HEADER.slice(0, 18)],
  ['by itself in base64', base64(PASSWORD)],
]

const bytes = [...new TextEncoder().encode(PASSWORD)].map((byte) => byte.toString(16).padStart(2, '0'))

// Until 2026-11-30 each of these came through.
const MIXED: readonly [string, string][] = [
  ['as bytes', bytes.join('')],
  ['as bytes with blanks, in capitals', bytes.join(' ').toUpperCase()],
  ['in base64 behind one letter', base64(`x${PASSWORD}`).slice(2)],
  ['in base64 behind two letters', base64(`xy${PASSWORD}`).slice(3, -2)],
  ['in base64 of JSON', base64(JSON.stringify({ a: PASSWORD })).slice(8, -4)],
  [
    'in a page, by numbers',
    PASSWORD.replaceAll(/[&"]/g, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`),
  ],
  ['in a page, twice over', PASSWORD.replaceAll('&', '&amp;amp;').replaceAll('"', '&amp;#34;')],
  ['in a page, half of it', PASSWORD.replaceAll('&', '&amp;')],
  ['in an address, twice over', encodeURIComponent(encodeURIComponent(PASSWORD))],
  ['in an address, each letter', `%${bytes.join('%')}`],
  ['in a path', PASSWORD.replaceAll('"', '%22').replaceAll(' ', '%20')],
  ['as JSON in JSON in a text', JSON.stringify(JSON.stringify(PASSWORD)).slice(3, -3)],
  ['in ASCII', PASSWORD.replaceAll('ö', '\\u00f6')],
  ['in another character set', PASSWORD.replaceAll('ö', '\u00c3\u00b6')],
  ['with accents apart', PASSWORD.normalize('NFD')],
]

test.each(MIXED)('the password %s is taken out', async (_, form) => {
  const { body } = await finexioThat(200, { results: [{ notes: `seen: ${form}` }] })
  expect(JSON.stringify(body)).not.toContain(JSON.stringify(form).slice(1, -1))
  expect(JSON.stringify(body)).toContain('seen: ********')
})

test('what only resembles it costs no time', () => {
  const { text } = scrubberOf({ username: 'robot', password: PASSWORD })
  for (const part of ['\\', '\\u0070', '&amp;', 'p', 'p\\\\\\', '%25', '&#0'])
    expect(text(part.repeat(100_000))).toBe(part.repeat(100_000))
})

const finexioThat = (status: number, body: unknown, password = PASSWORD) =>
  createFinexio({
    baseUrl: 'https://finexio.test/v2',
    credentials: { username: 'robot', password },
    fetch: async () => Response.json(body, { status }),
  }).send({ verb: 'GET', path: '/payments/', template: '/payments/', effect: 'read' })

describe.each(FORMS)('the password %s', (_, form) => {
  test('is taken out of rows, names of fields included', async () => {
    const { body } = await finexioThat(200, {
      results: [{ notes: `seen: ${form}!`, [form]: { deep: [form] } }],
    })
    expect(JSON.stringify(body)).not.toContain(JSON.stringify(form).slice(1, -1))
    expect(body).toMatchObject({ results: [{ notes: 'seen: ********!' }] })
  })

  test.each([
    { detail: `Bad credentials: Basic ${form}` },
    { title: 'Wrong', errors: { [form]: [`${form} is wrong`] } },
    [{ invoice_number: [form] }],
    `plain ${form}`,
  ])('is taken out of an error: %j', async (body) => {
    const failure = await finexioThat(400, body).catch((error: FinexioFailure) => error)
    expect(JSON.stringify(failure) + explain(failure as FinexioFailure)).not.toContain(form)
  })
})

test('what was escaped in JSON is found as well', async () => {
  const escaped = [...PASSWORD].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const { body } = await createFinexio({
    baseUrl: 'https://finexio.test/v2',
    credentials: { username: 'robot', password: PASSWORD },
    fetch: async () => new Response(`{"a": "${escaped.join('')}"}`),
  }).send({ verb: 'GET', path: '/payments/', template: '/payments/', effect: 'read' })
  expect(body).toEqual({ a: '********' })
})

test('a short password is taken out where it stands by itself, and leaves words alone', () => {
  const { text } = scrubberOf({ username: 'demo', password: 'demo' })
  expect(text('password=demo, "demo": democracy, Demo')).toBe(
    'password=********, "********": democracy, Demo',
  )
  expect(text(`Basic ${btoa('demo:demo')}`)).toBe('Basic ********')
})

test('names that begin like the header stay', () => {
  const { text } = scrubberOf({ username: 'robot', password: PASSWORD })
  expect(text('Basic Supplies and robot parts, p&s')).toBe('Basic Supplies and robot parts, p&s')
})

/** What follows one after another in a body: pieces of a password, in any of its forms or as it is, and what is beside them. */
const bodyOf = (password: string, user: string) => {
  const json = JSON.stringify(password).slice(1, -1)
  const hex = [...new TextEncoder().encode(password)].map((byte) => byte.toString(16).padStart(2, '0'))
  const forms = [
    ...[password, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(password)],
    ...[new URLSearchParams({ p: password }).toString().slice(2), password.normalize('NFD')],
    ...[`x${password}`, `xy${password}`, password, json, `${user}:${password}`].map(base64),
    ...[hex.join(''), hex.join(' '), hex.join(':').toUpperCase(), `%${hex.join('%')}`],
    [...password].map((letter) => `&#${letter.codePointAt(0)};`).join(''),
    password.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  ]
  const cut = fc.tuple(fc.constantFrom(...forms), fc.nat(9)).map(([form, less]) => form.slice(less >> 1))
  return fc.array(fc.oneof(fc.constantFrom(...forms), cut, fc.string({ maxLength: 5 })), { maxLength: 5 })
}

test('a first look never passes a body that holds a form', () => {
  const password = fc.oneof(
    fc.string({ minLength: 1, maxLength: 24 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'aö &"/+'), minLength: 1, maxLength: 10 }),
  )
  const cases = password.chain((secret) =>
    bodyOf(secret, 'robot').map((pieces) => ({ secret, body: pieces.join('') })),
  )
  fc.assert(
    fc.property(cases, ({ secret, body }) => {
      const { suspects, text } = scrubberOf({ username: 'robot', password: secret })
      if (!suspects(body)) expect(text(body)).toBe(body)
    }),
    { numRuns: 2_000 },
  )
})

test.each(['C & D Ltd., 50% off', '{"id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","paid":100.5}', ''])(
  'an ordinary body is passed at first sight: %s',
  (body) => {
    expect(scrubberOf({ username: 'robot', password: PASSWORD }).suspects(body)).toBe(false)
  },
)
