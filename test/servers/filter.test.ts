import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Filterable, methodProblems, visible } from '../../src/rules/filter.ts'
import { ServerConfigInput } from '../../src/rules/server-settings.ts'
import { catalogue } from '../../src/tools/catalogue.ts'

const tool = (method: string, effect: Filterable['effect'], ...tags: string[]): Filterable => ({
  name: `${method} ${tags[0]}`,
  method,
  effect,
  tags,
})

const tools = [
  tool('list', 'read', 'payments'),
  tool('get', 'read', 'suppliers', 'counterparties'),
  tool('info', 'read', 'drawdowns'),
  tool('create', 'write', 'webhooks'),
  tool('delete', 'write', 'webhooks'),
  tool('create', 'money', 'suppliers', 'counterparties'),
  tool('bulk_create', 'money', 'invoices'),
  tool('partial_update', 'money', 'buyers', 'counterparties'),
]

const shown = (config: Parameters<typeof visible>[0]) =>
  visible(config, tools).map(({ method, tags }) => `${method} ${tags[0]}`)

test('no methods means reading, and nothing that changes anything', () => {
  expect(shown({})).toEqual(['list payments', 'get suppliers', 'info drawdowns'])
  expect(shown({ methods: ['read'] })).toEqual(shown({}))
})

test('write is every other effect, custom methods included', () => {
  expect(shown({ methods: ['write'] })).toEqual([
    'create webhooks',
    'delete webhooks',
    'create suppliers',
    'bulk_create invoices',
    'partial_update buyers',
  ])
  expect(shown({ methods: ['read', 'write'] })).toHaveLength(tools.length)
})

test('custom is what is beyond the five standard methods, whatever its effect', () => {
  expect(shown({ methods: ['custom'] })).toEqual([
    'info drawdowns',
    'bulk_create invoices',
    'partial_update buyers',
  ])
})

test('exact names are exact, and entries add up', () => {
  expect(shown({ methods: ['create'] })).toEqual(['create webhooks', 'create suppliers'])
  expect(shown({ methods: ['list', 'bulk_create'] })).toEqual(['list payments', 'bulk_create invoices'])
  expect(shown({ methods: ['toString', '__proto__', 'LIST'] })).toEqual([])
})

test('tags are any-of and must hold besides the methods', () => {
  expect(shown({ tags: ['counterparties'] })).toEqual(['get suppliers'])
  expect(shown({ methods: ['read', 'write'], tags: ['counterparties', 'invoices'] })).toEqual([
    'get suppliers',
    'create suppliers',
    'bulk_create invoices',
    'partial_update buyers',
  ])
  expect(shown({ methods: [] })).toEqual([])
  expect(shown({ tags: [] })).toEqual([])
})

test('over the real catalogue: read and write are disjoint and together all but what follows writes; tags only narrow', () => {
  const approval = 'always'
  const of = (config: Parameters<typeof visible>[0]) => new Set(visible({ approval, ...config }, catalogue))
  const read = of({ methods: ['read'] })
  const write = of({ methods: ['write'] })
  const following = catalogue.filter(({ follows, covers, effect }) => follows && !covers && effect === 'read')
  expect(read.size + write.size).toBe(catalogue.length - following.length)
  expect(of({ methods: ['read', 'write'] }).size).toBe(catalogue.length)
  expect([...read].every(({ effect }) => effect === 'read')).toBe(true)
  const words = ['read', 'write', 'custom', ...catalogue.flatMap(({ method, tags }) => [method, ...tags])]
  fc.assert(
    fc.property(fc.subarray(words), fc.subarray(words), (methods, tags) => {
      const whole = of({ methods })
      expect([...of({ methods, tags })].every((one) => whole.has(one))).toBe(true)
    }),
  )
})

test('a method that is none is named with the right one', () => {
  const known = ['list', 'get', 'create', 'bulk_create']
  const say = (entry: string) => methodProblems([entry], known)[0]
  expect(methodProblems(['read', 'write', 'custom', 'bulk_create'], known)).toEqual([])
  expect(say('readonly')).toBe('"readonly" is no method: use "read"')
  expect(say('read-only')).toContain('use "read"')
  expect(say('*')).toContain('use "read", "write"')
  expect(say('bulk_creat')).toContain('did you mean "bulk_create"?')
  expect(say('GET')).toContain('did you mean "get"?')
  expect(say('DOWNLAOD')).toBe(
    '"DOWNLAOD" is no method: known are read, write, custom, list, get, create, bulk_create',
  )
  expect(methodProblems(['readonly', 'list', 'nope'], known)).toHaveLength(2)
})

test('config keys that are not known are refused by name', () => {
  expect(ServerConfigInput.parse({ methods: ['read'], text_format: 'json', upstream_429: 'http' })).toEqual({
    methods: ['read'],
    text_format: 'json',
    upstream_429: 'http',
  })
  const wrong = ServerConfigInput.safeParse({ method: ['read'] })
  expect(wrong.error?.issues[0]?.message).toContain('"method"')
  for (const config of [{ methods: 'read' }, { methods: [1] }, { text_format: 'xml' }, { tags: [''] }, []])
    expect(ServerConfigInput.safeParse(config).success).toBe(false)
})

test('tools names the tools itself, whatever methods and tags say', () => {
  const config = { tools: ['create_a_finexio_webhook'], methods: ['read'], tags: ['payments'] }
  expect(visible(config, catalogue).map(({ name }) => name)).toEqual(['create_a_finexio_webhook'])
  expect(visible({ tools: ['constructor'] }, catalogue)).toEqual([])
})

test('a composite is visible only with every tool it needs, one that covers many with any of them', () => {
  const composite = (name: string, more: Partial<Filterable>): Filterable => ({
    ...{ name, method: name, effect: 'read' as const, tags: [], ...more },
  })
  const [payments, suppliers] = [tools[0]!, tools[1]!]
  const all = [
    ...tools,
    composite('trace', { needs: [payments.name, suppliers.name] }),
    composite('search', { covers: [payments.name, suppliers.name] }),
  ]
  const names = (config: Parameters<typeof visible>[0]) =>
    visible(config, all).flatMap(({ name }) => (name === 'trace' || name === 'search' ? [name] : []))
  expect(names({})).toEqual(['trace', 'search'])
  expect(names({ tags: ['payments'] })).toEqual(['search'])
  expect(names({ tags: ['webhooks'] })).toEqual([])
  expect(names({ methods: ['write'] })).toEqual([])
  expect(names({ methods: ['list', 'get'] })).toEqual([])
  expect(names({ tools: ['trace'] })).toEqual(['trace'])
})

test('a method that is a word of every object is no method', () => {
  expect(methodProblems(['constructor'], ['list'])[0]).toMatch(/"constructor" is no method/)
})
