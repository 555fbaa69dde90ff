/** Facts of the documents that the code decides: numbers, names and lists are read from it, so that neither changes alone. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENTRY_TYPES } from '../../src/account/audit/entry.ts'
import { ServerConfigInput } from '../../src/rules/server-settings.ts'
import { conflictIn, ROLES } from '../../src/rules/who/roles.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000]

/** The value of a constant that is a number, or a product of numbers and days. */
const constantOf = (path: string, name: string): number => {
  const [, product] = new RegExp(`const ${name}(?:: \\w+)? = ([\\w *]+)$`, 'm').exec(read(path))!
  return product!
    .split('*')
    .map((factor) => (factor.trim() === 'DAY_MS' ? DAY : Number(factor.replaceAll('_', ''))))
    .reduce((one, other) => one * other)
}

const [DRAFTS, LEDGER] = ['src/account/tables/drafts/drafts.ts', 'src/rules/ledger.ts']
const [OUTBOX, CLIENTS] = ['src/account/tables/outbox.ts', 'src/account/tables/principals/oauth-clients.ts']
const [SHARE, FINDINGS] = ['src/account/audit/share.ts', 'src/tools/writing/findings.ts']
const SETTINGS = 'src/rules/server-settings.ts'

// At 0f47fef5 an account was said to take 200 drafts (2,000), the ledger to forget a write after a week whatever became of it,
// a repeat never to be sent again (settled keys are forgotten), movements to be kept for 31 days (366). Siblings: all others.
test.each<[document: string, words: string, path: string, constant: string, unit?: number]>([
  ['docs/operations.md', 'takes # open drafts', DRAFTS, 'MOST_PENDING'],
  ['docs/operations.md', 'open drafts, # of one MCP server', DRAFTS, 'MOST_PENDING_OF_SERVER'],
  ['docs/writes.md', 'drafts expire after # hours', 'src/rules/drafts.ts', 'DRAFT_MS', HOUR],
  ['docs/writes.md', 'for # days, and as long as its outcome is unknown', LEDGER, 'KEPT_MS', DAY],
  ['src/tools/call/arguments.ts', 'within # days is not sent again', LEDGER, 'KEPT_MS', DAY],
  ['docs/writes.md', 'one of the last # minutes', LEDGER, 'REPEAT_MS', MINUTE],
  ['docs/storage.md', 'ids of its answer | # days;', LEDGER, 'KEPT_MS', DAY],
  ['docs/storage.md', 'payees | # days', 'src/account/tables/ledger/movements.ts', 'KEPT_DAYS'],
  ['docs/storage.md', 'the newest #', 'src/account/tables/ended-tokens.ts', 'MOST_ENDED'],
  ['docs/storage.md', 'while # wait', OUTBOX, 'MOST_WAITING'],
  ['docs/storage.md', 'at most # from one source', CLIENTS, 'MOST_OF_A_SOURCE'],
  ['docs/storage.md', 'source, # in all', CLIENTS, 'MOST_UNUSED'],
  ['docs/operations.md', 'while # messages', OUTBOX, 'MOST_WAITING'],
  ['docs/operations.md', '5 KB, # seconds', 'src/oauth/documents.ts', 'WAIT_MS', SECOND],
  ['docs/operations.md', 'than # rows of each trail', 'src/account/audit/trail.ts', 'MOST_SCANNED'],
  ['docs/operations.md', 'more than # MB at once', SHARE, 'BURST_BYTES', 1_000_000],
  ['docs/operations.md', 'or # MB a day', SHARE, 'DAILY_BYTES', 1_000_000],
  ['docs/operations.md', 'most # requests and', FINDINGS, 'MOST_REQUESTS'],
  ['docs/operations.md', 'requests and # seconds, once', FINDINGS, 'LOOK_MS', SECOND],
  ['docs/operations.md', 'cut to # letters', 'src/account/audit/stored.ts', 'LONGEST_NAME'],
  [
    'docs/operations.md',
    'default #) says how long rows',
    'src/account/tables/audit.ts',
    'DEFAULT_AUDIT_DAYS',
  ],
  ['docs/operations.md', '(default #, 100 to', 'src/account/tables/audit.ts', 'DEFAULT_AUDIT_MB'],
  [
    ...['docs/operations.md', 'session ends after # hours', 'src/account/tables/principals/sessions.ts'],
    ...['SESSION_MS', HOUR],
  ] as [string, string, string, string, number],
  ['docs/clients.md', 'after # minutes without', 'src/mcp/transport/sse-streams.ts', 'IDLE_MS', MINUTE],
  ['docs/tools.md', 'at most # requests', 'src/tools/composites/analyze/analyze.ts', 'MOST_REQUESTS'],
  ['docs/tools.md', 'up to # pages', 'src/tools/derived/list.ts', 'MOST_SCANNED'],
  ['docs/tools.md', 'ends at # KB', 'src/tools/present/present.ts', 'LONGEST_ANSWER', 1_000],
  ['docs/sheets.md', 'At most # rows a call', 'schemas/invoices.ts', 'MOST_INVOICES'],
  ['docs/sheets.md', 'the newest # invoices', 'src/tools/prepare/tool.ts', 'MOST_COMPARED'],
  ['docs/rest.md', 'up to # origins', SETTINGS, 'MOST_ORIGINS'],
  ['docs/rest.md', 'up to # hosts', SETTINGS, 'MOST_HOSTS'],
  ['docs/rest.md', '{"requests": #}` (default and most)', SETTINGS, 'MOST_GUARD_REQUESTS'],
])('%s: "%s" is %s %s', (document, words, path, constant, unit = 1) => {
  const said = (constantOf(path, constant) / unit).toLocaleString('en-US')
  expect(read(document).replaceAll('\n', ' ')).toContain(words.replace('#', said))
})

// Seen at 452f3913: /approval/:id here, /approval/{approval} there, and :mcp_id for what is {server}.
test('documents write the paths of the REST API as OpenAPI does', () => {
  const { paths } = JSON.parse(read('assets/openapi.json')) as { paths: object }
  const known = new Set(Object.keys(paths).flatMap((path) => path.match(/\/[a-z-]+(\/\{\w+\})?/g) ?? []))
  const documents = [...globSync('docs/**/*.md', { cwd: root }), 'README.md', 'SECURITY.md', 'llms.txt']
  for (const document of documents) {
    const text = read(document)
    const colons = text.match(/\b(GET|POST|PUT|PATCH|DELETE) [^` ]*\/:\w+/g) ?? []
    expect(
      colons.filter((path) => path !== 'DELETE /person/:person'),
      document,
    ).toEqual([])
    const braces = text.match(/(?<=\b(?:GET|POST|PUT|PATCH|DELETE) [^` ]*)\/[a-z-]+\/\{\w+\}/g) ?? []
    expect(
      braces.filter((path) => !known.has(path)),
      document,
    ).toEqual([])
  }
})

// Seen at 452f3913: "bank details" in the form, "how it is paid" in sentences, "payment details" in the summary, all for the payee fields.
test('what of a payee leads money somewhere is called payment details, wherever people read it', () => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((path) => [path, read(path)] as const)
  const documents = globSync('docs/*.md', { cwd: root }).map((path) => [path, read(path)] as const)
  const spoken = sources.map(
    ([path, text]) => [path, text.replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '')] as const,
  )
  const other = /bank details changed|how (?:it|they|(?:a|each|this) supplier|suppliers) (?:is|are|was) paid/i
  const found = [...spoken, ...documents].filter(([, text]) => other.test(text))
  expect(found.map(([path]) => path)).toEqual([])
})

/** Names in the first column of every table of a part. */
const firstCells = (text: string): string[] =>
  [...text.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!),
  )

const sectionOf = (path: string, heading: string) => read(path).split(`${heading}\n`)[1]!.split('\n## ')[0]!

test('docs/configuration.md explains every setting of the Worker, with the defaults of wrangler.toml', () => {
  const text = read('docs/configuration.md')
  const settings = Object.keys(JSON.parse(read('package.json')).cloudflare.bindings)
  expect(settings.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  const vars = read('wrangler.toml').split('\n[vars]\n')[1]!.split('\n[')[0]!
  const defaults = [...vars.matchAll(/^(\w+) = "([\w/]+)"$/gm)]
  expect(defaults.length).toBeGreaterThan(3)
  for (const [, name, value] of defaults) expect(text).toContain(`\n| \`${name}\` | \`${value}\` |`)
})

test('docs/operations.md lists every notification', () => {
  const union = read('src/account/notify/deliver.ts')
    .split('export type Notification')[1]!
    .split('\nexport ')[0]!
  const types = [...union.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, type]) => type!)
  expect(types.length).toBeGreaterThan(8)
  expect(firstCells(sectionOf('docs/operations.md', '## Notifications')).sort()).toEqual(types.sort())
})

test('docs/truto.md names the kinds of rows, docs/rest.md the keys of config, and both no others', () => {
  const [, kinds] = /Logs are of the types ([^,]+(?:, `\w+`)*,? `\w+` and `\w+`)/.exec(read('docs/truto.md'))!
  expect([...kinds!.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)).toEqual([...ENTRY_TYPES])
  const [, rows] = read('docs/rest.md').split('| `config` | value | meaning |\n')
  expect(firstCells(rows!.split('\n\n')[0]!).sort()).toEqual(Object.keys(ServerConfigInput.shape).sort())
})

test('docs/roles.md says what a role may stand beside on one token', () => {
  for (const role of ROLES) {
    const beside = ROLES.filter((other) => other !== role && conflictIn([role, other]) === null)
    const [, said] = new RegExp(`^\\| \`${role}\` \\|.*\\| ([^|]+) \\|$`, 'm').exec(read('docs/roles.md'))!
    const named = [...said!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)
    const meant = said!.startsWith('all but')
      ? ROLES.filter((one) => one !== role && !named.includes(one))
      : named
    expect([role, meant.toSorted()]).toEqual([role, beside.toSorted()])
  }
})

/** As docs/rest-reference.md has it, which another test compares with the routes. */
const rolesOf = (call: string): string[] => {
  const [verb, path] = call.split(/[ ?]/)
  const line = [
    ...read('docs/rest-reference.md').matchAll(/^`([A-Z]+) (\S+)` .*Needs the role ([a-z or]+) for /gm),
  ]
  const found = line.find(([, one, other]) => one === verb && other === path)
  return found![3]!.split(' or ')
}

test('docs/operations.md says of every way to revoke which roles it takes', () => {
  const rows = [
    ...sectionOf('docs/operations.md', '## Revoking').matchAll(
      /^\| [^|]+ \| `([A-Z]+ \/[^ `]+)[^|]*\| ([^|]+) \|/gm,
    ),
  ]
  expect(rows.length).toBeGreaterThan(5)
  for (const [, call, said] of rows) {
    // Of the kill switches `admin` lets writes go on, which the reference says apart.
    const named = [...said!.split(';')[0]!.matchAll(/`(\w+)`/g)].map(([, role]) => role!)
    expect([call, named.toSorted()]).toEqual([call, rolesOf(call!).toSorted()])
  }
})

// At 0f47fef5 docs/commands.md called itself the scripts of package.json and left six out; the drawing named a file that is not there.
test('every script is in a document, and every file of the drawings in docs/architecture.md is there', () => {
  const texts = ['README.md', ...globSync('docs/*.md', { cwd: root })].map(read).join('\n')
  for (const name of Object.keys(JSON.parse(read('package.json')).scripts))
    expect(texts).toMatch(new RegExp(`npm (run )?${name}\\b|\`${name}\``))
  const drawings = [...read('docs/architecture.md').matchAll(/^```\n([\s\S]*?)^```$/gm)].map(
    ([, text]) => text!,
  )
  const paths = drawings.flatMap((text) => text.match(/(?<![\w/<-])[a-z]+(?:\/[a-z-]+)+\/?/g) ?? [])
  expect(paths.length).toBeGreaterThan(10)
  const isThere = (path: string) => ['', '.ts'].some((end) => existsSync(join(root, 'src', path + end)))
  // A method of the protocol, beside the files.
  expect(paths.filter((path) => !isThere(path))).toEqual(['tools/list'])
})
