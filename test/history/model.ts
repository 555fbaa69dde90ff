/**
 * A plain model of settings, written from sections 10 and 12 of the design: what is in force after each step of a random
 * history. It knows nothing of how the product stores or records anything.
 */
import fc from 'fast-check'

export type Config = Record<string, unknown>
type Person = { name: string; grants: string[]; disabled: boolean }
type Server = { name: string; config: Config; ends: number | null }

/** `ends`: milliseconds since the epoch; null: never. */
export type World = {
  account: {
    name: string
    read_only: boolean
    writes_stopped: boolean
    approval: unknown
    limits: Record<string, unknown>
  }
  servers: Map<string, Server>
  secrets: Map<string, string[]>
  people: Map<string, Person>
  tokens: Map<string, { holder: string; grants: string[] }>
  deployment: { writes_stopped: boolean; second_person_for_settings: boolean }
}

export const emptyWorld = (): World => ({
  account: { name: 'Acme', read_only: false, writes_stopped: false, approval: 'none', limits: {} },
  servers: new Map(),
  secrets: new Map(),
  people: new Map(),
  tokens: new Map(),
  deployment: { writes_stopped: false, second_person_for_settings: false },
})

/** What somebody does. `which`: one of those there are, counted round. */
export type Step =
  | { do: 'add server'; name: string; config: Config; days: number | null }
  | { do: 'change server'; which: number; name: string | null; config: Config }
  | { do: 'rotate'; which: number }
  | { do: 'drop server'; which: number }
  | { do: 'change account'; change: Partial<World['account']> }
  | { do: 'put secret'; name: string; hosts: string[] }
  | { do: 'drop secret'; name: string }
  | { do: 'add person'; name: string; grants: string[] }
  | { do: 'change person'; which: number; change: Partial<Person> }
  | { do: 'drop person'; which: number }
  | { do: 'add token'; which: number; grants: string[] }
  | { do: 'drop token'; which: number }
  | { do: 'switch'; change: Partial<World['deployment']> }
  | { do: 'call' }
  | { do: 'tidy' }
  | { do: 'sleep' }

const name = fc.constantFrom('Pay', 'Look', 'Straße 🧾', 'a'.repeat(200), '"quoted" \\ name')
const long = fc
  .nat({ max: 500 })
  .map((count) => Array.from({ length: count }, (_, at) => `sup_${'x'.repeat(40)}${at}`))
/** null takes a key away. */
const config: fc.Arbitrary<Config> = fc.record(
  {
    methods: fc.constantFrom(['read'], ['read', 'write'], null),
    approval: fc.constantFrom('none', 'always', { over_cents: 100 }, null),
    limits: fc.constantFrom({ per_day: { cents: 5_000 } }, { per_call: { count: 1 } }, null),
    allowed_suppliers: fc.oneof(fc.constantFrom([], ['sup_1'], null), long),
    require_api_token_auth: fc.constantFrom(true, false, null),
    allowed_origins: fc.constantFrom(['https://a.example.com'], null),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const which = fc.nat({ max: 5 })
const grants = fc.subarray(['approve', 'audit', 'manage', 'use'], { minLength: 1, maxLength: 1 })
const secret = fc.constantFrom('hooks', 'other')

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('add server' as const),
      name,
      config,
      days: fc.option(fc.integer({ min: 1, max: 60 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('change server' as const), which, name: fc.option(name), config }),
  },
  fc.record({ do: fc.constant('rotate' as const), which }),
  fc.record({ do: fc.constant('drop server' as const), which }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change account' as const),
      change: fc.record(
        {
          name,
          read_only: fc.boolean(),
          writes_stopped: fc.boolean(),
          approval: fc.constantFrom('none', 'always', { over_cents: 7 }),
          limits: fc.constantFrom({}, { per_day: { cents: 9 } }),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
    }),
  },
  fc.record({
    do: fc.constant('put secret' as const),
    name: secret,
    hosts: fc.constantFrom<string[]>(['a.test'], ['b.test', 'c.test']),
  }),
  fc.record({ do: fc.constant('drop secret' as const), name: secret }),
  fc.record({ do: fc.constant('add person' as const), name, grants }),
  fc.record({
    do: fc.constant('change person' as const),
    which,
    change: fc.record({ name, grants, disabled: fc.boolean() }, { requiredKeys: [], noNullPrototype: true }),
  }),
  fc.record({ do: fc.constant('drop person' as const), which }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add token' as const), which, grants }) },
  fc.record({ do: fc.constant('drop token' as const), which }),
  fc.record({
    do: fc.constant('switch' as const),
    change: fc.record(
      { writes_stopped: fc.boolean(), second_person_for_settings: fc.boolean() },
      { requiredKeys: [], noNullPrototype: true },
    ),
  }),
  fc.constantFrom<Step>({ do: 'call' }, { do: 'tidy' }, { do: 'sleep' }),
)

/** What is done, and how many hours after what was done before. `old`: the account was stored by version 0.1.0. */
export type History = { old: boolean; steps: { step: Step; hours: number }[] }

export const history: fc.Arbitrary<History> = fc.record({
  old: fc.boolean(),
  steps: fc.array(fc.record({ step, hours: fc.integer({ min: 1, max: 150 }) }), {
    minLength: 5,
    maxLength: 40,
  }),
})

/** The one of several that a step means; undefined: there is none. */
export const chosen = (all: ReadonlyMap<string, unknown>, at: number): string | undefined =>
  all.size === 0 ? undefined : [...all.keys()][at % all.size]

const merged = (config: Config, change: Config): Config =>
  Object.fromEntries(Object.entries({ ...config, ...change }).filter(([, value]) => value !== null))

type Doing = { world: World; id: string; now: number }
type Does = { [Do in Step['do']]: (step: Extract<Step, { do: Do }>, doing: Doing) => void }

const nothing = () => {}

const DOES: Does = {
  'add server': ({ name, config, days }, { world, id, now }) => {
    const ends = days === null ? null : now + days * 86_400_000
    world.servers.set(id, { name, config: merged({}, config), ends })
  },
  'change server': ({ which, name, config }, { world: { servers } }) => {
    const id = chosen(servers, which)
    const before = servers.get(id ?? '')
    if (id === undefined || !before) return
    servers.set(id, { ...before, name: name ?? before.name, config: merged(before.config, config) })
  },
  'drop server': ({ which }, { world: { servers } }) => {
    servers.delete(chosen(servers, which) ?? '')
  },
  'change account': ({ change }, { world }) => {
    Object.assign(world.account, change)
  },
  'put secret': ({ name, hosts }, { world }) => {
    world.secrets.set(name, hosts)
  },
  'drop secret': ({ name }, { world }) => {
    world.secrets.delete(name)
  },
  'add person': ({ name, grants }, { world, id }) => {
    world.people.set(id, { name, grants, disabled: false })
  },
  'change person': ({ which, change }, { world: { people } }) => {
    const id = chosen(people, which)
    if (id !== undefined) people.set(id, { ...people.get(id)!, ...change })
  },
  'drop person': ({ which }, { world: { people, tokens } }) => {
    const id = chosen(people, which)
    people.delete(id ?? '')
    for (const [key, { holder }] of tokens) if (holder === id) tokens.delete(key)
  },
  'add token': ({ which, grants }, { world: { people, tokens }, id }) => {
    const holder = chosen(people, which)
    if (holder !== undefined) tokens.set(id, { holder, grants })
  },
  'drop token': ({ which }, { world: { tokens } }) => {
    tokens.delete(chosen(tokens, which) ?? '')
  },
  switch: ({ change }, { world }) => {
    Object.assign(world.deployment, change)
  },
  rotate: nothing,
  call: nothing,
  tidy: nothing,
  sleep: nothing,
}

/** Does in the model what a step does. @param id of what it makes @param now milliseconds since the epoch */
export const happen = (world: World, step: Step, id: string, now: number): void => {
  for (const [key, { ends }] of world.servers) if (ends !== null && ends <= now) world.servers.delete(key)
  const does = DOES[step.do] as (step: Step, doing: Doing) => void
  does(step, { world, id, now })
}
