/** Making a server in plain words: a template, the details, the sentences, and only then the URL. Without the script. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { filledWith, formIn } from './forms-in.ts'
import { browser } from './support.ts'

let account: string
let path: string
const { signIn, get, send } = browser()

beforeAll(async () => {
  fakeFinexio()
  account = await connect()
  path = `/dashboard/accounts/${account}/servers/new`
  await signIn()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const text = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
const pressed = (html: string) => /value="(\w+)" formnovalidate="" aria-pressed="true"/.exec(html)?.[1]

const WRITES = ['Every write waits for another person.', 'May submit invoices']
// Seen at b8f2a26: one form with every setting, and nothing that says what they come to.
test.each([
  ['look', ['Reads everything.', 'Changes nothing.']],
  ['prepare', WRITES],
  [
    'pay',
    [
      'up to $10,000.00 for each invoice and $20,000.00 within 24 hours',
      'more than $5,000.00 in one call, or to one supplier within 24 hours',
      'a first payment to a supplier',
      'within 30 days',
    ],
  ],
  [
    'everything',
    ['of any amount and number', 'Nothing waits for another person.', 'No other person is asked'],
  ],
])(
  'the template %s fills the fields, keeps the name, and is said in words before it is made',
  async (step, says) => {
    const fresh = formIn((await get(path)).text, path)
    const chosen = await send('POST', path, {
      form: filledWith(fresh, { name: `By ${step}`, expires: '7d', step }),
    })
    expect(pressed(chosen.text)).toBe(step)
    const fields = formIn(chosen.text, path)
    expect([fields.get('name'), fields.get('expires')]).toEqual([`By ${step}`, '7d'])
    for (const words of says) expect(text(chosen.text)).toContain(words)

    const review = await send('POST', path, { form: filledWith(fields, { step: 'review' }) })
    for (const words of says.slice(0, 2)) expect(text(review.text)).toContain(words)
    expect(
      (await call('GET', `/integrated-account/${account}/mcp`)).body.result.map(
        ({ name }: { name: string }) => name,
      ),
    ).not.toContain(`By ${step}`)
    const back = await send('POST', path, {
      form: filledWith(formIn(review.text, path), { step: 'preview' }),
    })
    expect(formIn(back.text, path).toString()).toBe(fields.toString())

    const made = await send('POST', path, { form: filledWith(formIn(review.text, path), { step: 'create' }) })
    expect(made.text).toContain('https://mcp.test/mcp/fxmcp_')
    const [server] = (await call('GET', `/integrated-account/${account}/mcp`)).body.result
    expect(server.name).toBe(`By ${step}`)
    for (const words of says.slice(0, 2)) expect(server.summary).toContain(words)
  },
)

test('an address chooses no template, and other settings than those of a template press no button', async () => {
  // Siblings: a template, a step and a setting in the address.
  for (const query of ['?template=everything', '?step=everything', '?methods=write&approval=none'])
    expect(pressed((await get(path + query)).text)).toBe('look')
  const fields = formIn((await get(path)).text, path)
  const own = filledWith(fields, { methods: ['', 'read', 'delete'], step: 'preview' })
  expect(pressed((await send('POST', path, { form: own })).text)).toBeUndefined()
})

test('what cannot be made is said in the form, with all that was entered', async () => {
  const fields = formIn((await get(path)).text, path)
  const wrong = await send('POST', path, {
    form: filledWith(fields, { name: 'Nothing', methods: [''], step: 'review' }),
  })
  expect(wrong.status).toBe(400)
  expect(text(wrong.text)).toContain('no tool matches')
  expect(formIn(wrong.text, path).get('name')).toBe('Nothing')
  const day = await send('POST', path, {
    form: filledWith(fields, { name: 'X', expires: 'date', expires_date: '', step: 'preview' }),
  })
  expect(text(day.text)).toContain('No last day is named yet.')
  // Seen at b8f2a26: it was shown with a button to make it, which then refused.
  for (const step of ['review', 'create']) {
    const form = filledWith(fields, { name: 'X', expires: 'date', expires_date: '', step })
    const refused = await send('POST', path, { form })
    expect([step, refused.status, text(refused.text)]).toEqual([
      step,
      400,
      expect.stringContaining('name the last day'),
    ])
  }
})

test('a last day is a whole day of the reader, and is said in their zone', async () => {
  const reader = browser()
  await reader.signIn()
  reader.jar.set('finexio_zone', 'America/New_York')
  const fields = formIn((await reader.get(path)).text, path)
  const form = filledWith(fields, {
    name: 'Year-end',
    expires: 'date',
    expires_date: '2030-02-28',
    step: 'create',
  })
  await reader.send('POST', path, { form })
  const [server] = (await call('GET', `/integrated-account/${account}/mcp`)).body.result
  expect(server.expires_at).toBe('2030-03-01T04:59:59.000Z')
  const page = await reader.get(`/dashboard/accounts/${account}/servers/${server.id}`)
  expect(text(page.text)).toContain('Ends 28 Feb 2030, 23:59 EST.')
  expect(page.text).toContain('title="1 Mar 2030, 04:59 UTC"')
})
