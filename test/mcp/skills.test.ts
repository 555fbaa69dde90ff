/** Skills (SEP-2640) as clients of both eras see them. At b8f2a26 there were none. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { skillsFor } from '../../src/mcp/content/skills.ts'
import { WORKFLOWS } from '../../src/mcp/content/workflows.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { viewOf } from '../../src/tools/visible/view.ts'
import { dependencies, legacy, modern, send } from './fake.ts'

type Config = Parameters<typeof viewOf>[0]
const ALL: Config = { methods: ['read', 'write'] }

const NAMES = [
  'reconcile-drawdown',
  'onboard-supplier-invoices',
  'reconcile-supplier-statement',
  'review-month-end',
  'check-for-fraud',
]
const uriOf = (name: string) => `skill://${name}/SKILL.md`

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
const ask = async (init: RequestInit, config = ALL): Promise<any> => {
  const response = await send(init, { deps: { ...dependencies(), viewOf: () => viewOf(config) } })
  return response.json()
}

describe.each([
  ['2025', legacy],
  ['2026', modern],
] as const)('era %s', (_, request) => {
  const read = (uri: string, config = ALL) =>
    ask(request('resources/read', { uri }, request === modern ? { 'mcp-name': uri } : {}), config)

  test('are listed, read and got alike, with the size and digest of what is read', async () => {
    const { result } = await ask(request('skills/list'))
    expect(
      result.skills.map(({ frontmatter }: { frontmatter: { name: string } }) => frontmatter.name),
    ).toEqual(NAMES)
    for (const skill of result.skills) {
      const [{ text, mimeType }] = (await read(skill.uri)).result.contents
      expect(mimeType).toBe('text/markdown')
      expect(skill.resources).toEqual([
        {
          uri: skill.uri,
          size: Buffer.byteLength(text),
          digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
        },
      ])
      const { name, description } = skill.frontmatter
      expect(text.startsWith(`---\nname: ${name}\ndescription: ${JSON.stringify(description)}\n---\n`)).toBe(
        true,
      )
      expect((await ask(request('skills/get', { uri: skill.uri }))).result.skill).toEqual(skill)
    }
  })

  test('a skill whose tools are hidden is not there: neither listed, nor got, nor read', async () => {
    const narrow: [Config, string[]][] = [
      [{ methods: ['read'] }, NAMES.filter((name) => name !== 'onboard-supplier-invoices')],
      [{ tags: ['webhooks'] }, []],
      [{ tools: ['audit_finexio_counterparty_changes'] } as Config, ['check-for-fraud']],
    ]
    for (const [config, names] of narrow) {
      const { result } = await ask(request('skills/list'), config)
      expect(result.skills.map(({ uri }: { uri: string }) => uri)).toEqual(names.map(uriOf))
      const { resources } = (await ask(request('resources/list'), config)).result
      const inList = resources.filter(({ uri }: { uri: string }) => uri.startsWith('skill:'))
      expect(inList.map(({ uri }: { uri: string }) => uri)).toEqual(names.map(uriOf))
      for (const name of NAMES.filter((one) => !names.includes(one))) {
        const uri = uriOf(name)
        expect((await ask(request('skills/get', { uri }), config)).error.code).toBe(-32602)
        expect((await read(uri, config)).error.data).toEqual({ uri })
      }
    }
  })

  test.each([
    ['skills/get', {}],
    ['skills/get', { uri: 7 }],
    ['skills/get', { uri: 'skill://nope/SKILL.md' }],
    ['skills/get', { uri: 'skill://check-for-fraud' }],
    ['skills/get', { uri: 'skill://check-for-fraud/../check-for-fraud/SKILL.md' }],
    ['skills/list', { cursor: 'x' }],
  ])('%s %j is invalid', async (method, params) => {
    expect((await ask(request(method, params))).error.code).toBe(-32602)
  })
})

test('steps name tools that there are, and those of hidden tools are left out', () => {
  const names = catalogue.map(({ name }) => name)
  const bare = WORKFLOWS.filter(({ steps }) => steps)
  for (const { steps = [], needs } of bare) {
    for (const [tool] of steps) expect(names).toContain(tool)
    for (const tool of needs.filter((one) => !one.startsWith('list_all_finexio_drawdowns')))
      expect(steps.map(([name]) => name)).toContain(tool)
  }
  for (const { needs } of bare)
    for (const { text } of skillsFor({ has: (tool) => needs.includes(tool) }))
      for (const hidden of names.filter((name) => name.includes('finexio') && !needs.includes(name)))
        expect(text).not.toContain(`\`${hidden}\``)
})
