/**
 * Every text that a server gives out before a call, for many filters: none names a tool, or promises a kind of record, that this URL
 * does not show. Seen at b8f2a26: `search` and `fetch` promised payments, invoices, drawdowns and counterparties whatever the filter.
 * Siblings: the instructions (tools), schema descriptions ("From list_all_…"), executors of discovery mode, the guide, skills.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guideFor } from '../../src/mcp/content/guide.ts'
import { instructionsFor } from '../../src/mcp/content/instructions.ts'
import { skillsFor } from '../../src/mcp/content/skills.ts'
import { workflowsFor } from '../../src/mcp/content/workflows.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { discovered } from '../../src/tools/call/discovery-call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { toolPreview } from '../../src/tools/visible/preview.ts'
import { type View, viewOf } from '../../src/tools/visible/view.ts'
import { runs } from '../support/size.ts'
import { dependencies, legacy, send } from './fake.ts'

const NAMES = new Set(catalogue.map(({ name }) => name))
const TAGS = [...new Set(catalogue.flatMap(({ tags }) => tags))]
const METHODS = [...new Set(catalogue.map(({ method }) => method))]

/** Names of tools in a text; `search` and `fetch` are words as well, so only where something comes from them. */
const named = (text: string): string[] => [
  ...(text.match(/[a-z_]*finexio_[a-z_]+/g) ?? []).filter((name) => NAMES.has(name)),
  ...(text.match(/\bsearch(?= found| answered| gives)|(?<=From |Call )search\b/g) ?? []),
]

const textsOf = async (view: View, config: ServerConfig): Promise<string[]> => {
  const workflows = workflowsFor(view)
  const schemas = []
  for (const { name } of config.tool_exposure === 'discovery' ? view.tools : [])
    schemas.push(
      await discovered(view.tools, 'get_tool_schema', { tool_names: [name] }, () => Promise.reject(name)),
    )
  return [
    instructionsFor(view.has),
    guideFor(view.has),
    ...skillsFor(view).map((skill) => JSON.stringify(skill)),
    ...workflows.map((workflow) => JSON.stringify(workflow)),
    ...workflows.map(({ text }) => text({ url: '"u"', supplier: '"s"', buyer: '"b"' }, view.has)),
    ...workflows.map(({ text }) => text({}, view.has)),
    ...view.list.tools.map((tool) => JSON.stringify(tool)),
    ...toolPreview.toolsOf(config).map((tool) => JSON.stringify(tool)),
    ...schemas.map((outcome) => JSON.stringify(outcome)),
  ]
}

/** Steps of a workflow are filtered where they are shown, by `skillsFor`; `needs` are names that have to be there. */
const withoutSteps = (text: string) => text.replace(/,"steps":.*$/s, '')

const check = async (config: ServerConfig) => {
  const view = viewOf(config)
  for (const text of await textsOf(view, config))
    expect(
      named(withoutSteps(text)).filter((name) => !view.byName.has(name)),
      `${JSON.stringify(config)}: ${text.slice(0, 400)}`,
    ).toEqual([])
}

const EXPOSURES = ['all', 'discovery'] as const
const some = <Value>(values: readonly Value[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 6 }) as fc.Arbitrary<Value[]>
const configs: fc.Arbitrary<ServerConfig> = fc
  .oneof(
    fc.record({ tools: some([...NAMES]) }),
    fc.record({
      methods: some(['read', 'write', 'custom', ...METHODS]),
      tags: fc.option(some(TAGS), { nil: undefined }),
    }),
  )
  .chain((config) =>
    fc.constantFrom(...EXPOSURES).map((tool_exposure) => ({ ...config, tool_exposure }) as ServerConfig),
  )

describe('no text names a tool that its URL does not show', () => {
  test.each(TAGS.flatMap((tag) => [['read'], ['read', 'write']].map((methods) => ({ tag, methods }))))(
    'tag $tag, $methods',
    ({ tag, methods }) => check({ tags: [tag], methods } as ServerConfig),
  )
  test.each(catalogue.map(({ name }) => name))('%s alone', (name) => check({ tools: [name] }))
  test('any filter', () => fc.assert(fc.asyncProperty(configs, check), runs(500)))

  test('as it is sent: instructions, list and guide are those of the URL', async () => {
    const config: ServerConfig = { tags: ['webhooks'] }
    const ask = async (init: RequestInit) =>
      (await send(init, { deps: { ...dependencies(), viewOf: () => viewOf(config) } })).text()
    const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } }
    for (const init of [
      legacy('initialize', hello),
      legacy('tools/list'),
      legacy('prompts/list'),
      legacy('resources/list'),
      legacy('resources/templates/list'),
      legacy('skills/list'),
      legacy('resources/read', { uri: 'finexio-mcp://guide' }),
    ]) {
      const said = named(await ask(init)).filter((name) => !viewOf(config).byName.has(name))
      expect(said, String(init.body)).toEqual([])
    }
  })
})

const descriptionOf = (config: ServerConfig, name: string): string =>
  String(viewOf(config).list.tools.find((tool) => tool.name === name)?.description)

describe('no text promises a kind of record that its URL does not show', () => {
  const KINDS = ['payments', 'invoices', 'drawdowns', 'counterparties']

  test.each(['payments', 'invoices', 'drawdowns', 'counterparties', 'suppliers', 'webhooks'])(
    'search and fetch of the tag %s',
    (tag) => {
      const view = viewOf({ tags: [tag] })
      for (const { name, description = '', inputSchema } of view.list.tools.filter((tool) =>
        ['search', 'fetch'].includes(tool.name),
      )) {
        const shown = KINDS.filter((kind) =>
          view.tools.some(({ resource, method }) => resource === kind && ['list', 'get'].includes(method)),
        )
        expect(
          KINDS.filter((kind) => description.includes(kind)),
          name,
        ).toEqual(shown)
        for (const kind of ['payment', 'invoice', 'drawdown', 'counterparty'])
          if (JSON.stringify(inputSchema).includes(`${kind}:<id>`))
            expect(shown.join()).toContain(kind.slice(0, -1))
      }
    },
  )

  test('search says by what: nothing that only hidden records have', () => {
    expect(descriptionOf({ tags: ['counterparties'] }, 'search')).toBe(
      'Finds counterparties by name, internal id or id.',
    )
    expect(descriptionOf({ tags: ['drawdowns'] }, 'search')).toBe(
      'Finds drawdowns by tracking id, invoice number or id.',
    )
    expect(descriptionOf({ methods: ['list', 'search'], tags: ['payments'] }, 'search')).toBe(
      'Finds payments by tracking id or check or trace number.',
    )
    expect(descriptionOf({ methods: ['get', 'fetch'], tags: ['invoices'] }, 'fetch')).toBe(
      'One record of invoices.',
    )
    expect(descriptionOf({ tools: ['search'] }, 'search')).toBe(descriptionOf({}, 'search'))
  })

  test('executors say what they run here', () => {
    const money = (tags: string[]) =>
      descriptionOf({ methods: ['read', 'write'], tags, tool_exposure: 'discovery' }, 'call_money_tool')
    expect(money(['invoices'])).toBe('Runs a tool that pays or decides where payments go: invoices.')
    expect(money(['suppliers', 'buyers'])).toBe(
      'Runs a tool that pays or decides where payments go: suppliers, buyers.',
    )
    expect(
      descriptionOf(
        { methods: ['write'], tags: ['webhooks'], tool_exposure: 'discovery' },
        'call_write_tool',
      ),
    ).toBe('Runs a tool that changes data but moves no money: webhooks.')
  })

  test('the guide explains the words of the records that are there, and writing where something can be submitted', () => {
    const guide = (config: ServerConfig) => guideFor(viewOf(config).has)
    expect(guide({ tags: ['payments'] })).not.toMatch(
      /Status of an? (invoice|drawdown)|subscribed|History of|## Writing/,
    )
    expect(guide({ tags: ['payments'] })).toContain('Status of a payment')
    expect(guide({ tags: ['webhooks'] })).not.toMatch(/## Statuses|History of|## Writing/)
    expect(guide({})).not.toContain('## Writing')
    expect(guide({ methods: ['read', 'write'] })).toContain('## Writing')
  })
})
