/** A change that waits is read by people who pay bills: at b8f2a26 the page showed keys and JSON of the API. */
import { expect, test } from 'vitest'
import { toldOf } from '../../src/dashboard/pages/settings-words.ts'
import { ServerConfigInput } from '../../src/rules/server-settings.ts'

const ANN = '6f1c0000-0000-4000-8000-000000000001'
const ACME = '6f1c0000-0000-4000-8000-000000000002'
const GONE = '6f1c0000-0000-4000-8000-000000000003'
const around = { accounts: new Map([[ACME, 'Acme']]), names: { [ANN]: 'Ann Lee' } }

type Kind = Parameters<typeof toldOf>[0]['target']['kind']
const told = (kind: Kind, key: string, before: unknown, after: unknown) =>
  toldOf({ target: { kind, id: ACME, name: 'It' }, loosens: [{ key, before, after }] }, around).map(
    ({ label, before: was, after: is }) => `${label}: ${was} → ${is}`,
  )

test.each<[Kind, string, unknown, unknown, string]>([
  [
    'mcp_server',
    'approval',
    'always',
    null,
    'Approval by a person: for every write → as the account says: now not asked for',
  ],
  [
    'mcp_server',
    'approval',
    'always',
    { over_cents: 500_000 },
    'Approval by a person: for every write → over $5,000.00',
  ],
  ['mcp_server', 'methods', ['read'], ['read', 'write'], 'What it may do: read only → read and write'],
  ['mcp_server', 'limits', { per_day: { cents: 100 } }, null, 'Limit: in 24 hours: $1.00 → no limit'],
  ['mcp_server', 'allowed_suppliers', [], ['sup_1'], 'Who may be paid: nobody → only sup_1'],
  ['mcp_server', 'holder', ANN, null, 'Who works through it: Ann Lee → nobody is named'],
  ['mcp_server', 'expires_at', '2026-12-01T00:00:00.000Z', null, 'Ends: 1 Dec 2026, 00:00 UTC → never'],
  [
    'mcp_server',
    'url',
    'the old one, which has ended',
    'lets in',
    'URL: the old one, which has ended → lets in',
  ],
  ['account', 'approval', 'always', 'none', 'Approval by a person: for every write → not asked for'],
  ['account', 'read_only', true, false, 'Read only: yes: no write leaves → no'],
  ['account', 'writes_stopped', true, false, 'Writes: stopped → may leave'],
  ['account', 'credentials.username', null, 'ap', 'User name at Finexio: none → ap'],
  // Seen at main: “6000”, “read (["read"])” and the JSON of the groups' roles. Siblings: days, one day, other methods, other formats.
  ['account', 'audit_max_mb', 6_000, 500, 'Largest size of the trail: 6,000 MB → 500 MB'],
  ['account', 'audit_retention_days', 400, 1, 'How long the trail is kept: 400 days → 1 day'],
  ['mcp_server', 'methods', null, ['read'], 'What it may do: read only (not set) → read only'],
  [
    'mcp_server',
    'methods',
    ['read', 'write', 'custom'],
    ['get', 'list'],
    'What it may do: read, write and everything else → get (look at one record) and list (look through lists)',
  ],
  ['mcp_server', 'text_format', null, 'json', 'Text of lists: as usual → JSON'],
  [
    'deployment',
    'oidc_roles',
    null,
    { claim: 'groups', map: { fin: ['manage', `audit:${ACME}`] }, by: 'https://idp.example' },
    'Roles by the company’s groups: none → groups “fin”: manage MCP servers for all accounts, audit for Acme',
  ],
  ['secret', 'allowed_hosts', [], ['a.example'], 'Hosts that it may be sent to: none → a.example'],
  [
    'person',
    'grants',
    [],
    ['audit', `approve:${ACME}`],
    'Roles: none → audit for all accounts, approve writes for Acme',
  ],
  ['person', 'disabled', true, false, 'Disabled: yes: every key of theirs is refused → no'],
  ['deployment', 'one_person', null, ANN, 'One person: no: there are several → Ann Lee'],
  [
    'deployment',
    'one_person',
    null,
    GONE,
    `One person: no: there are several → somebody who was removed (${GONE})`,
  ],
  [
    'deployment',
    'second_person_for_settings',
    true,
    false,
    'A second person for settings: needed for what lets more through → not needed',
  ],
])('of %s %s from %j to %j is said in words', (kind, key, before, after, words) => {
  expect(told(kind, key, before, after)).toEqual([words])
})

test('every setting of a server has a row, and two that change together have two', () => {
  for (const key of Object.keys(ServerConfigInput.shape).filter((name) => name !== 'limits'))
    expect([key, told('mcp_server', key, null, exampleOf(key))[0]]).toEqual([
      key,
      expect.stringMatching(/^[A-Z]/),
    ])
  const both = toldOf(
    {
      target: { kind: 'mcp_server', id: ACME, name: 'It' },
      loosens: [
        { key: 'approval', before: 'always', after: 'none' },
        { key: 'first_payment', before: 'refuse', after: null },
      ],
    },
    around,
  )
  expect(both.map(({ label }) => label)).toEqual(['Approval by a person', 'First payment to a supplier'])
})

/** Something else than nothing, of a shape that the words of a key can read. */
const exampleOf = (key: string): unknown => {
  const values: Record<string, unknown> = {
    approval: 'always',
    first_payment: 'approve',
    changed_supplier: { days: 3, action: 'approve' },
    duplicate_guard: { requests: 5 },
    require_api_token_auth: true,
    approval_door: 'confirm',
    tool_exposure: 'discovery',
    webhook_secrets: 'vault_only',
    upstream_429: 'http',
    text_format: 'json',
    reply: 'sse',
    fixed: { '*': { dry_run: true } },
  }
  return values[key] ?? ['one']
}
