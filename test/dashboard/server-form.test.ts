import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dollars } from '../../src/core/money.ts'
import { formOf, type SentForm } from '../../src/dashboard/form-data.ts'
import {
  changeIn,
  configIn,
  expiryIn,
  fieldsOf,
  NEW_EXPIRIES,
  newFields,
  type Stored,
} from '../../src/dashboard/pages/server-form/change.ts'
import { ServerFields } from '../../src/dashboard/pages/server-form/fields.tsx'
import { looserIn } from '../../src/dashboard/pages/server-form/looser.ts'
import { centsOf, FORM_KEYS, type FormKey, settingOf } from '../../src/dashboard/pages/server-form/values.ts'
import { differencesOf, keptRules } from '../../src/dashboard/pages/server-form/words.ts'
import { Form } from '../../src/dashboard/parts/form.tsx'
import { html } from '../../src/dashboard/parts/page.tsx'
import { Refused } from '../../src/dashboard/refused.ts'
import type { Account } from '../../src/dashboard/shapes.ts'
import { mergeConfig, type ServerConfig, ServerConfigInput } from '../../src/rules/server-settings.ts'
import { approvalFell } from '../../src/rules/who/loosens.ts'
import { fromSchema } from '../support/from-schema.ts'
import { fieldsIn } from './forms-in.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')

test.each([
  ['1500', 150_000],
  ['$1,234.50', 123_450],
  ['$ 0.5', 50],
  ['999,999,999.99', 99_999_999_999],
  ['0', 0],
])('%s is an amount', (text, cents) => {
  expect(centsOf(text)).toBe(cents)
})

test.each(['', 'abc', '-5', '1.234', '12,34', '1e3', '1 000', '$', '1.', '٣'])('%j is none', (text) => {
  expect(centsOf(text)).toBeNull()
})

test('what is shown as an amount is read as the same amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => {
      expect(centsOf(dollars(cents))).toBe(cents)
    }),
  )
})

/** Everything that can be stored, whatever the form shows of it. */
const config: fc.Arbitrary<ServerConfig> = fromSchema(ServerConfigInput, {
  allowed_origins: fc.subarray(['https://tools.example.com', 'http://127.0.0.1:6274']),
})

const stored = (of: ServerConfig): Stored => ({
  name: 'Month-end agent',
  config: of,
  expires_at: null,
  holder: null,
})

const shownForm = async (fields: Parameters<typeof ServerFields>[0]) => {
  const { values } = fields.form
  const page = await html(Form({ action: '/', entered: { values }, children: ServerFields(fields) }))
  return page.replace(/<input[^>]*name="csrf"[^>]*>/, '')
}

/** The form as a browser has it on its screen, and sends it when nothing was touched. */
const opened = async (base: Stored): Promise<URLSearchParams> => {
  const page = await shownForm({
    form: fieldsOf(base, 'UTC'),
    people: [],
    account: { approval: 'always' } as Account,
    keep: 'as it is',
  })
  return fieldsIn(page)
}

const changed = (sent: URLSearchParams, base: Stored) =>
  changeIn(formOf(sent), base, { now: NOW, zone: 'UTC' })

// Seen at b8f2a26: `approval: "none"` sent for a server that leaves it to its account (A6), every empty list sent as null (A7).
test('whatever is stored: opened and saved untouched, nothing is sent', async () => {
  await fc.assert(
    fc.asyncProperty(config, async (of) => {
      const base = stored(of)
      expect(changed(await opened(base), base)).toEqual({ value: {}, problems: [] })
    }),
  )
})

/** What people do to one setting, whatever it says. */
const TOUCHES: { [Key in FormKey]: Record<string, string | string[]> } = {
  methods: { methods: ['', 'list'] },
  tags: { tags_who: 'only', tags: ['', 'invoices'] },
  tools: { tools: 'list_all_finexio_buyers\r\nlist_all_finexio_payments' },
  tool_exposure: { tool_exposure: ['0', '1'] },
  require_api_token_auth: { second_factor: ['0', '1'] },
  reply: { reply: 'sse' },
  approval: { approval: 'over', approval_over: '77.77' },
  limits: { per_day: '1,234.56' },
  first_payment: { first_payment: 'refuse' },
  changed_supplier: { changed_action: 'refuse', changed_days: '77' },
  allowed_buyers: { allowed_buyers_who: 'only', allowed_buyers: 'buy_77' },
  allowed_suppliers: { allowed_suppliers_who: 'only', allowed_suppliers: 'sup_77\r\nsup_78' },
  webhook_hosts: { webhook_hosts_who: 'only', webhook_hosts: 'hooks77.example.com' },
}

const touched = (sent: URLSearchParams, touch: Record<string, string | string[]>): URLSearchParams => {
  const fields = new URLSearchParams(sent)
  for (const [name, values] of Object.entries(touch)) {
    fields.delete(name)
    for (const value of [values].flat()) fields.append(name, value)
  }
  return fields
}

test('whatever is stored: one setting changed, that key alone is sent; all others stay to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(config, fc.constantFrom(...FORM_KEYS), async (of, key) => {
      const base = stored(of)
      const { value, problems } = changed(touched(await opened(base), TOUCHES[key]), base)
      const sent = Object.keys(value.config ?? {})
      const already = JSON.stringify(settingOf(key).fill(of[key]))
      expect(problems).toEqual([])
      expect([Object.keys(value), sent]).toEqual(sent.length === 0 ? [[], []] : [['config'], [key]])
      if (sent.length === 0)
        expect([key, already]).toEqual([key, expect.stringMatching(/77|"1"|refuse|list|inv|1234|sse/)])
      const after = mergeConfig(of, value.config)
      const others = (from: ServerConfig) =>
        JSON.stringify(Object.entries({ ...from, [key]: null }).sort(([a], [b]) => (a < b ? -1 : 1)))
      expect(others(after)).toBe(others(of))
    }),
  )
})

const emptied: [FormKey, ServerConfig][] = [
  ['allowed_suppliers', { allowed_suppliers: [] }],
  ['allowed_buyers', { allowed_buyers: [] }],
  ['webhook_hosts', { webhook_hosts: [] }],
  // Siblings of A7 that are not in the list: subjects, limits without a member, methods.
  ['tags', { tags: [] }],
  ['limits', { limits: {} }],
  ['methods', { methods: [] }],
]

test.each(emptied)('an empty list survives another change: %s', async (_, of) => {
  const base = stored(of)
  const { value } = changed(touched(await opened(base), { name: 'Renamed', first_payment: 'refuse' }), base)
  expect(value).toEqual({ name: 'Renamed', config: { first_payment: 'refuse' } })
  expect(mergeConfig(of, value.config)).toEqual({ ...of, first_payment: 'refuse' })
})

test.each(['allowed_suppliers', 'allowed_buyers', 'webhook_hosts'] as const)(
  '%s: anybody, nobody and a list are three things',
  async (key) => {
    const from = stored({ [key]: ['a.example'] })
    const asked = async (touch: Record<string, string>) => changed(touched(await opened(from), touch), from)
    const [who, list] = [`${key}_who`, key]
    expect((await asked({ [who]: 'any' })).value).toEqual({ config: { [key]: null } })
    expect((await asked({ [who]: 'none' })).value).toEqual({ config: { [key]: [] } })
    expect((await asked({ [list]: 'a.example\r\nb.example, c.example' })).value).toEqual({
      config: { [key]: ['a.example', 'b.example', 'c.example'] },
    })
    expect((await asked({ [list]: '' })).problems).toEqual([
      { path: `config.${key}`, message: 'name at least one, or choose that nobody may' },
    ])
    expect((await asked({ [who]: 'none', [list]: 'b.example' })).problems).toHaveLength(1)
  },
)

// Seen at b8f2a26: a server whose account asks for every approval lost that by being renamed.
test('what an account decides is a choice of its own, and the one that is made while a server says nothing', async () => {
  const base = stored({ methods: ['write'] })
  const page = await opened(base)
  expect(page.getAll('approval')).toEqual(['account'])
  expect(changed(touched(page, { name: 'x' }), base).value).toEqual({ name: 'x' })
  expect(changed(touched(page, { approval: 'none' }), base).value).toEqual({ config: { approval: 'none' } })
  const strict = stored({ approval: 'always' })
  expect(changed(touched(await opened(strict), { approval: 'account' }), strict).value).toEqual({
    config: { approval: null },
  })
})

// Siblings of A6: a limit that the form cannot say, an id with a space in it, a key that the form does not know.
test('what the form cannot say is kept beside what it can', async () => {
  const per_day = { cents: Number.MAX_SAFE_INTEGER, count: 10_000_000_000 }
  const base = stored({ limits: { per_day }, allowed_suppliers: ['a supplier, of old'] })
  const page = await opened(base)
  const { value, problems } = changed(
    touched(page, { per_call_count: '3', allowed_suppliers: `${page.get('allowed_suppliers')}\r\nsup_2` }),
    base,
  )
  expect(problems).toEqual([])
  expect(value.config).toEqual({
    limits: { per_day, per_call: { count: 3 } },
    allowed_suppliers: ['a supplier, of old', 'sup_2'],
  })
  const later = { ...base, config: { later: 'text', fixed: { '*': { dry_run: true } } } as ServerConfig }
  expect(keptRules(later.config)).toEqual([
    ['later', '"text"'],
    ['Fixed arguments', '*'],
  ])
})

const isRefused = (act: () => unknown, word: string | RegExp) => {
  expect(act).toThrow(Refused)
  expect(act).toThrow(word)
}

test('a field that was cut out of the form is not a field that was emptied: nothing is sent', async () => {
  const base = stored({ limits: { per_day: { cents: 5 } }, allowed_suppliers: ['sup_1'] })
  const page = await opened(base)
  for (const name of new Set(page.keys())) {
    if (name === 'expires_date') continue
    const less = new URLSearchParams(page)
    less.delete(name)
    isRefused(() => changed(less, base), name)
  }
})

const CLOSED = ['approval', 'first_payment', 'changed_action', 'allowed_buyers_who', 'tags_who', 'expires']

test.each([...CLOSED, 'second_factor', 'tool_exposure', 'methods', 'tags'])(
  'a closed set takes what it offers, once: %s',
  async (name) => {
    const base = stored({})
    const page = await opened(base)
    isRefused(() => changed(touched(page, { [name]: 'constructor' }), base), name)
    isRefused(() => changed(touched(page, { [name]: ['', 'always', 'read', 'nonsense'] }), base), name)
    if (CLOSED.includes(name)) {
      isRefused(() => changed(touched(page, { [name]: `${page.get(name)} ` }), base), name)
      isRefused(() => changed(touched(page, { [name]: [page.get(name)!, page.get(name)!] }), base), name)
    }
  },
)

const MONEY = { read: 1, write: 1, money: 1 }
const READS = { read: 1, write: 0, money: 0 }

test('a new server: what the form says becomes its configuration', () => {
  const sayable = config.map(
    ({ allowed_suppliers: _s, allowed_buyers: _b, tools: _t, limits: _l, reply: _r, approval, ...rest }) => ({
      ...Object.fromEntries(Object.entries(rest).filter(([key]) => (FORM_KEYS as string[]).includes(key))),
      methods: ['read', 'write'],
      tags: ['invoices'],
      tool_exposure: 'discovery' as const,
      require_api_token_auth: true,
      allowed_suppliers: [],
      ...(typeof approval === 'string' && { approval }),
    }),
  )
  fc.assert(
    fc.property(sayable, (given) => {
      const form = fieldsOf({ name: 'x', holder: null, config: given }, 'UTC')
      expect(configIn(form, MONEY)).toEqual({ value: given, problems: [] })
    }),
  )
})

const newForm = (change: Record<string, string | string[]>): SentForm =>
  formOf(touched(new URLSearchParams(fieldsIn(formHtml)), change))
const formHtml = await shownForm({
  form: newFields(),
  people: [],
  account: { approval: 'none' } as Account,
  keep: null,
})

test('a new server asks for approval unless somebody says otherwise; where nothing writes, no rule is kept', () => {
  expect(configIn(newForm({ methods: ['', 'write'] }), MONEY).value).toEqual({
    methods: ['write'],
    approval: 'always',
  })
  expect(configIn(newForm({ per_day: '5' }), READS).value).toEqual({ methods: ['read'] })
})

test('amounts that cannot be read are named with their field', () => {
  const { problems } = configIn(newForm({ per_day: 'ten', per_day_count: 'x', approval: 'over' }), MONEY)
  expect(problems.map(({ path }) => path)).toEqual([
    'config.approval.over_cents',
    'config.limits.per_day.cents',
    'config.limits.per_day.count',
  ])
})

const expires = (fields: string) => formOf(new URLSearchParams(fields))

test.each([
  ['expires=24h', '2026-11-29T12:00:00.000Z'],
  ['expires=90d', '2027-02-26T12:00:00.000Z'],
  ['expires=date&expires_date=2027-01-31', '2027-01-31T23:59:59.000Z'],
  ['expires=date', 'no date'],
  ['expires=never', null],
])('%s ends at %s', (fields, at) => {
  expect(expiryIn(expires(fields), NEW_EXPIRIES, { now: NOW, zone: 'UTC' })).toBe(at)
})

// Seen at b8f2a26: a form without the field made a server that never ends.
test.each(['', 'expires=', 'expires=keep', 'expires=forever', 'expires=never&expires=24h'])(
  'an end that was not offered is no end: %j',
  (fields) => {
    isRefused(() => expiryIn(expires(fields), NEW_EXPIRIES, { now: NOW, zone: 'UTC' }), 'expires')
  },
)

test('every difference is said, with what it was and what it would be', () => {
  fc.assert(
    fc.property(config, config, (before, after) => {
      const shown = differencesOf(stored(before), stored(after))
      const keys = new Set([...Object.keys(before), ...Object.keys(after)])
      const different = [...keys].filter((key) => {
        const [was, is] = [before[key as FormKey], after[key as FormKey]]
        return JSON.stringify(was) !== JSON.stringify(is)
      })
      expect(new Set(shown.map(({ key }) => key))).toEqual(new Set(different))
      for (const { before: was, after: is } of shown) expect(was).not.toBe(is)
    }),
  )
})

test('differences in words', () => {
  const rows = differencesOf(
    stored({ approval: 'always', allowed_suppliers: [], limits: { per_day: { cents: 2_500_000 } } }),
    stored({
      allowed_suppliers: ['sup_1'],
      limits: { per_day: { cents: 2_500_000 }, per_call: { count: 3 } },
    }),
  )
  expect(rows.map(({ label, before, after }) => [label, before, after])).toEqual([
    ['Approval by a person', 'for every write', 'as the account says'],
    ['Who may be paid', 'nobody', 'only sup_1'],
    ['Limit: each call', 'no limit', '3 invoices'],
  ])
})

test('of lists too long to compare by eye, what was added and removed is said', () => {
  const many = Array.from({ length: 30 }, (_, index) => `sup_${index}`)
  const [row] = differencesOf(
    stored({ allowed_suppliers: many }),
    stored({ allowed_suppliers: [...many.slice(1), 'sup_new'] }),
  )
  expect(row).toMatchObject({ after: 'only 30 named ones; added: sup_new; removed: sup_0' })
})

test.each<[string, ServerConfig, ServerConfig, string[]]>([
  ['approval taken away', { approval: 'always' }, {}, ['Approval by a person']],
  ['approval asked for', {}, { approval: 'always' }, []],
  [
    'one limit up, one down',
    { limits: { per_day: { cents: 100 }, per_call: { cents: 50 } } },
    { limits: { per_day: { cents: 200 }, per_call: { cents: 20 } } },
    ['Limit: in 24 hours'],
  ],
  ['a limit gone', { limits: { per_day: { cents: 100 } } }, {}, ['Limit: in 24 hours']],
  ['nobody becomes anybody', { allowed_suppliers: [] }, {}, ['Who may be paid']],
  ['anybody becomes nobody', {}, { allowed_suppliers: [] }, []],
  ['writes let in', { methods: ['read'] }, { methods: ['read', 'write'] }, ['What it may do']],
  ['writes shut out', { methods: ['read', 'write'] }, { methods: ['read'] }, []],
])('what lets more through is marked: %s', (_, before, after, marked) => {
  const [was, is] = [stored({ methods: ['write'], ...before }), stored({ methods: ['write'], ...after })]
  const isLooser = looserIn(was, is, 'none')
  const looser = differencesOf(was, is).filter(isLooser)
  expect(looser.map(({ label }) => label)).toEqual(marked)
})

test('a default approval of the account that asks for less lets more through', () => {
  expect(approvalFell('always', { over_cents: 5 })).toBe(true)
  expect(approvalFell({ over_cents: 5 }, 'none')).toBe(true)
  expect(approvalFell('none', 'always')).toBe(false)
})
