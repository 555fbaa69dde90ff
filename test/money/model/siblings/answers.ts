/** What answers say: dates, names, secrets, wrong words. */
import type { Fault } from '../../../../sandbox/wire/faults.ts'
import { BATCH, batch, cut, invoice, type Sibling } from './types.ts'

const whole = (tool: string, start: string, end: string, at: string, more: object = {}): Sibling => ({
  like: 'D2',
  input: `${tool}: ${end} and ${start} are the day of a row`,
  right: 'the row is there: a plain date is the whole day',
  wrong: async (place) => {
    const first = await place.call(tool, { ...more, limit: 40, fields: ['*'] })
    const row = first.data?.result?.[20]
    if (!row?.[at]) return `no row: ${cut(first.text)}`
    const day = String(row[at]).slice(0, 10)
    const { data, text } = await place.call(tool, {
      ...more,
      [start]: day,
      [end]: day,
      limit: 500,
      fields: ['*'],
    })
    // biome-ignore lint/suspicious/noExplicitAny: rows of an answer
    return data?.result?.some((one: any) => one[at] === row[at])
      ? null
      : `the row of ${row[at]} is not there: ${cut(text)}`
  },
})
const found = (query: string, name: string): Sibling => ({
  like: 'D4',
  input: `search and readiness for "${query}"`,
  right: `${name} is found or offered`,
  wrong: async (place) => {
    const [search, ready] = [
      await place.call('search', { query }),
      await place.call('check_finexio_supplier_readiness', { name: query }),
    ]
    const missing = [
      search.text.includes(name) ? '' : 'search',
      ready.text.includes(name) ? '' : 'readiness',
    ].filter(Boolean)
    return missing.length === 0 ? null : `${missing.join(' and ')}: ${cut(ready.text)}`
  },
})
const scrubbed = (
  name: string,
  spell: (username: string, password: string) => string,
  write: boolean,
): Sibling => ({
  like: 'D15',
  input: `${write ? 'a batch' : 'a list'}: Finexio answers with ${name}`,
  right: 'scrubbed',
  wrong: async (place) => {
    const secret = spell(place.username, place.password)
    await place.fault({
      status: 400,
      json: { detail: `You sent ${secret} here.`, errors: { note: [secret] } },
    })
    const { text, data } = write
      ? await place.call(BATCH, batch(invoice()))
      : await place.call('list_all_finexio_webhooks')
    return `${text}${JSON.stringify(data)}`.includes(secret)
      ? `comes back: ${cut(text).replace(secret, '…')}`
      : null
  },
})
const noRecord = (tool: string, args: object): Sibling => ({
  like: 'D18',
  input: `${tool} ${JSON.stringify(args)}: 404`,
  right: 'does not speak of an id that nobody gave',
  wrong: async (place) => {
    await place.fault({
      ...(tool === BATCH && { method: 'POST' }),
      status: 404,
      json: { detail: 'Not found.' },
    })
    const { text } = await place.call(tool, args)
    return /with this id/i.test(text) ? cut(text) : null
  },
})
const fieldErrors = (name: string, json: Fault['json'], expected: RegExp): Sibling => ({
  like: 'D12',
  input: `400 with ${name}`,
  right: `says ${expected}`,
  wrong: async (place) => {
    await place.fault({ method: 'POST', status: 400, json })
    const { text } = await place.call(BATCH, batch(invoice()))
    return expected.test(text) ? null : cut(text)
  },
})

/** A word for a sign: the design folds signs alone. */
export const spelled: Sibling[] = [found('Ironbark  Tool and Die', 'Ironbark Tool & Die')]
/** Names as people write them. */
const names: Sibling[] = [
  found('Cafe Lumiere', 'Café Lumière Catering'),
  found('Lodz Textile', 'Łódź Textile Trading'),
  found('nordvik sjomat', 'Nordvik Sjømat Import'),
  found('PENASCO', 'Peñasco Adobe Restoration'),
  found('Ironbark Tool &amp; Die', 'Ironbark Tool & Die'),
  found('Ba\u0308ckerei Gru\u0308nwald', 'Bäckerei Grünwald'),
  found('bluestem-prairie seed co', 'Bluestem Prairie Seed Co.'),
]

export const answers: Sibling[] = [
  ...names,
  whole('list_all_finexio_payments', 'created_start', 'created_end', 'created'),
  whole('list_all_finexio_payments', 'updated_start', 'updated_end', 'updated'),
  whole('list_all_finexio_drawdowns', 'created_start', 'created_end', 'created', { status: 'received' }),
  scrubbed('the password', (_, password) => password, false),
  scrubbed('the password', (_, password) => password, true),
  scrubbed('Basic …', (username, password) => btoa(`${username}:${password}`), true),
  scrubbed(
    'Basic … without its padding',
    (username, password) => btoa(`${username}:${password}`).replaceAll('=', ''),
    false,
  ),
  scrubbed('the password, as in an address', (_, password) => encodeURIComponent(password), true),
  scrubbed('user:password', (username, password) => `${username}:${password}`, false),
  noRecord('list_all_finexio_suppliers', {}),
  noRecord('list_all_finexio_webhooks', {}),
  noRecord(BATCH, batch(invoice())),
  fieldErrors(
    'errors of a row',
    { errors: { '0': { invoice_date: ['Too old by three days.'] } } },
    /Too old by three days/,
  ),
  fieldErrors('a list of rows', { detail: [{}, { amount_cents: ['Not so much.'] }] }, /Not so much/),
  fieldErrors('non_field_errors', { non_field_errors: ['The sum is off.'] }, /The sum is off/),
  fieldErrors(
    'title and errors',
    { title: 'Some fields are wrong.', errors: { note: ['Too long by nine.'] } },
    /Too long by nine/,
  ),
  fieldErrors('a list of texts', ['Buyer is locked.'], /Buyer is locked/),
]
