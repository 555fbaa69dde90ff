/** What comes back carries no credential. At b8f2a26 each of these reached the model as it came. */
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
