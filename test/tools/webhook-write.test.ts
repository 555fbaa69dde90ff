/** Webhook writes against a fake Finexio: what is planned, what is sent, and what a stored secret leaves behind. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { WriteTool } from '../../src/tools/tool.ts'
import { bound, guarded } from '../../src/tools/visible/as-served.ts'
import { viewOf } from '../../src/tools/visible/view.ts'
import type { FindSecret, Writes } from '../../src/tools/writing/writes.ts'
import { callWith, environment, fakeFinexio, ONE_ROUND } from './fake-finexio.ts'

const CREATE = 'create_a_finexio_webhook'
const PUT = 'update_a_finexio_webhook_by_id'
const PATCH = 'finexio_webhooks_partial_update'
const HOOK = { username: 'hook-user-canary', password: 'hook  password-canary' }
const EVENT = 'payment.changed'
const url = 'https://hooks.acme.com/f'
const plain = { username: 'u-plain', password: 'p-plain' }
const ref = { credential_ref: 'acme' }

const vault: FindSecret = async (name) => {
  if (name === 'sealed_wrong') return { allowed_hosts: ['hooks.acme.com'], open: async () => null }
  return name === 'acme' ? { allowed_hosts: ['hooks.acme.com'], open: async () => HOOK } : null
}

/** What a ledger would be told is kept as well. */
const run = async (
  name: string,
  args: object,
  config: ServerConfig = {},
  answer?: (sent: unknown) => unknown,
) => {
  const known: unknown[] = []
  const whole = catalogue.find((tool) => tool.name === name)!
  const shown = viewOf({ methods: ['write'], ...config }).byName.get(name)!
  const tool = bound(
    guarded(shown, { hosts: config.webhook_hosts, ownHosts: [], local: false }),
    whole,
    config,
  )
  const { finexio, sent } = fakeFinexio(({ body }) =>
    (answer ?? ((one) => ({ id: 'w-1', ...(one as object) })))(body),
  )
  const open = environment(finexio).writes()
  const writes: Writes = {
    ...open,
    secret: vault,
    digest: async (value) => {
      known.push(value)
      return new Uint8Array(32)
    },
    claim: async (request) => {
      known.push(request)
      return open.claim(request)
    },
    settle: async (settlement) => void known.push(settlement),
  }
  const { result } = await callTool(tool, args, environment(finexio, { writes }), ONE_ROUND)
  const [block] = result.content
  const text = block?.type === 'text' ? block.text : ''
  return {
    result,
    text,
    sent,
    known,
    claimed: known.some((one) => Object.hasOwn(one as object, 'fingerprint')),
  }
}

test('a stored secret is put into the request as it leaves, and nowhere else', async () => {
  for (const [name, args] of [
    [CREATE, { event: EVENT, url, ...ref }],
    [PUT, { id: 'w-1', event: EVENT, url, ...ref }],
    [PATCH, { id: 'w-1', url, ...ref }],
  ] as const) {
    const { result, sent, known } = await run(name, args)
    expect(sent.map(({ body }) => body)).toEqual([expect.objectContaining({ url, ...HOOK })])
    expect(sent[0]!.body).not.toHaveProperty('credential_ref')
    expect(result.structuredContent).toEqual({
      outcome: 'succeeded',
      id: 'w-1',
      idempotency_key: 'minted-key',
    })
    expect(JSON.stringify([result, known])).not.toMatch(/canary/)
    expect(JSON.stringify(known)).toContain('"credential_ref":"acme"')
  }
})

test('a dry run shows the reference’s place masked, sends nothing, and refuses what the run would', async () => {
  const { result, sent } = await run(CREATE, { event: EVENT, url, ...ref, dry_run: true })
  expect(result.structuredContent).toMatchObject({
    outcome: 'dry_run',
    would_send: { body: { url, username: '********', password: '********' } },
  })
  expect([sent, JSON.stringify(result).includes('canary')]).toEqual([[], false])
  for (const wrong of [{ credential_ref: 'nobody' }, { ...ref, url: 'https://evil.com/' }]) {
    const args = { event: EVENT, url, ...wrong }
    const [dry, real] = [await run(CREATE, { ...args, dry_run: true }), await run(CREATE, args)]
    expect([dry.text, dry.sent, real.sent]).toEqual([real.text, [], []])
  }
})

test.each<[string, string, object, RegExp]>([
  [
    'another host',
    CREATE,
    { event: EVENT, url: 'https://evil.com/', ...ref },
    /hooks\.acme\.com only, not for evil\.com/,
  ],
  ['a host below', CREATE, { event: EVENT, url: 'https://a.hooks.acme.com/', ...ref }, /only, not for/],
  ['a name nobody stored', CREATE, { event: EVENT, url, credential_ref: 'x' }, /no webhook secret "x"/],
  [
    'one that does not open',
    CREATE,
    { event: EVENT, url, credential_ref: 'sealed_wrong' },
    /cannot be opened/,
  ],
  ['both kinds', CREATE, { event: EVENT, url, ...plain, ...ref }, /not both/],
  ['a half beside it', PATCH, { id: 'w', url, password: 'x', ...ref }, /not both/],
  ['none', CREATE, { event: EVENT, url }, /give credential_ref/],
  ['a half', CREATE, { event: EVENT, url, username: 'x' }, /give credential_ref/],
  ['none on replacing', PUT, { id: 'w', event: EVENT, url }, /give credential_ref/],
  ['a secret without a url', PATCH, { id: 'w', ...ref }, /needs url beside it/],
  [
    'a url with a blank password',
    PATCH,
    { id: 'w', url: 'https://evil.com/', username: 'x', password: '' },
    /blank/,
  ],
  [
    'blanks for a password',
    PATCH,
    { id: 'w', url: 'https://evil.com/', username: 'x', password: ' ' },
    /blank/,
  ],
  [
    'a masked password',
    PATCH,
    { id: 'w', url: 'https://evil.com/', username: 'x', password: '********' },
    /masked/,
  ],
  [
    'a masked name',
    PATCH,
    { id: 'w', url: 'https://evil.com/', username: '****nary', password: 'x' },
    /masked/,
  ],
  ['a masked reference', CREATE, { event: EVENT, url, credential_ref: '********' }, /lower-case letters/],
])('%s is refused before the ledger knows and before anything is sent', async (_, name, args, words) => {
  const { result, text, sent, claimed } = await run(name, args)
  expect([result.isError, text, sent, claimed]).toEqual([true, expect.stringMatching(words), [], false])
  expect(text).not.toMatch(/canary/)
})

test('plain credentials and changes that touch neither address nor secret go on as before', async () => {
  expect((await run(CREATE, { event: EVENT, url, ...plain })).sent[0]!.body).toMatchObject(plain)
  expect((await run(PATCH, { id: 'w', refund_reason: true })).sent[0]!.body).toEqual({ refund_reason: true })
})

const present = (at: string) => (sent: unknown) => sent ?? { id: 'w', url: at, username: 'x' }

test('an update without a stored secret stays at the host where the webhook is: one read, then one write', async () => {
  for (const [name, args] of [
    [PUT, { event: EVENT, ...plain }],
    [PATCH, plain],
    [PATCH, {}],
  ] as const) {
    const whole = { id: 'w', url, ...args }
    const stays = await run(name, whole, {}, present('http://hooks.acme.com:8080/old'))
    expect(stays.sent.map(({ verb, path }) => `${verb} ${path}`)).toEqual([
      'GET /webhooks/w/',
      `${name === PUT ? 'PUT' : 'PATCH'} /webhooks/w/`,
    ])
    expect(stays.sent[1]!.body).toMatchObject({ url, ...args })
    for (const [more, at] of [
      [{}, 'https://acme.com/'],
      [{}, 'no address'],
      [{ dry_run: true }, 'https://a.hooks.acme.com/'],
    ] as const) {
      const moved = await run(name, { ...whole, ...more }, {}, present(at))
      expect([moved.text, moved.claimed]).toEqual([
        expect.stringMatching(/only with a credential_ref/),
        false,
      ])
      expect(moved.sent.map(({ verb }) => verb)).toEqual(['GET'])
    }
  }
})

test('when the webhook cannot be read nothing is claimed or written', async () => {
  const { result, sent, claimed } = await run(PATCH, { id: 'w', url }, {}, () => ({}))
  expect([result.isError, sent.length, claimed]).toEqual([true, 1, false])
})

test('under vault_only plain credentials are no arguments, by name neither', async () => {
  const config: ServerConfig = { webhook_secrets: 'vault_only' }
  const { tools } = viewOf({ methods: ['write'], ...config }).list
  for (const name of [CREATE, PUT, PATCH]) {
    const { inputSchema } = tools.find((tool) => tool.name === name)!
    expect(inputSchema.properties).not.toHaveProperty('username')
    expect(inputSchema.properties).not.toHaveProperty('password')
    expect(inputSchema.properties).toHaveProperty('credential_ref')
    expect(inputSchema.required?.includes('credential_ref')).toBe(name !== PATCH)
    const args = { ...(name !== CREATE && { id: 'w' }), event: EVENT, url }
    const given = await run(name, { ...args, ...plain }, config)
    expect([given.text, given.sent]).toEqual([expect.stringMatching(/unknown argument "username"/), []])
    if (name !== PATCH) expect((await run(name, args, config)).sent).toEqual([])
    expect((await run(name, { ...args, ...ref }, config)).sent[0]!.body).toMatchObject(HOOK)
  }
  const open = viewOf({ methods: ['write'] }).list.tools.find(({ name }) => name === CREATE)!
  expect(open.inputSchema.properties).toHaveProperty('password')
})

test('an operator may fix which secret is used, and where to', async () => {
  const config: ServerConfig = {
    fixed: { [CREATE]: { credential_ref: 'acme', url: 'https://HOOKS.acme.com/f' } },
  }
  const refused = await run(CREATE, { event: EVENT }, config)
  expect([refused.text, refused.sent]).toEqual([expect.stringMatching(/lower-case host/), []])
  const fixed: ServerConfig = { fixed: { [CREATE]: { credential_ref: 'acme', url } } }
  expect((await run(CREATE, { event: EVENT }, fixed)).sent[0]!.body).toMatchObject({ url, ...HOOK })
  expect((await run(CREATE, { event: EVENT, url: 'https://evil.com/' }, fixed)).sent).toEqual([])
})

const careless = (status: number, more: object) =>
  callWith(
    CREATE,
    { event: EVENT, url, ...ref },
    () => {
      throw new FinexioFailure({
        ...{ kind: 'invalid', status, rate: null, sent: true },
        message: `no ${HOOK.password} for ${HOOK.username}`,
        ...more,
      })
    },
    { writes: { ...environment(fakeFinexio(() => null).finexio).writes(), secret: vault } },
  )

test('a refusal that quotes the secret is told without it', async () => {
  const cleaned = HOOK.password.replace(/\s+/g, ' ')
  for (const more of [
    {},
    { fields: { url: [`not with ${cleaned}`], username: ['hook-user-can…'], password: ['hook  passw'] } },
    { rows: [{ index: 0, fields: { [HOOK.username]: [HOOK.password], password: ['hook'] } }] },
  ]) {
    const { result, text } = await careless(400, more)
    expect(result.isError).toBe(true)
    expect(text).not.toMatch(/canary|hook-user-can|hook {1,2}passw/)
  }
})

test('an echo of the secret neither shows nor counts as not applied; another value does', async () => {
  const same = await run(CREATE, { event: EVENT, url, ...ref }, {}, (sent) => ({
    id: 'w',
    ...(sent as object),
  }))
  expect(same.result.structuredContent).not.toHaveProperty('not_applied')
  const other = await run(CREATE, { event: EVENT, url, ...ref }, {}, (sent) => ({
    ...{ id: 'w', ...(sent as object), username: 'somebody' },
  }))
  expect(other.result.structuredContent).toMatchObject({ not_applied: ['username'] })
})

test('no plan holds a secret, whatever else it is told', () => {
  const tool = catalogue.find(({ name }) => name === PATCH) as WriteTool
  const changes = fc.record(
    { event: fc.constant(EVENT), refund_reason: fc.boolean(), content_type: fc.constant('application/json') },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(changes, fc.string({ minLength: 9 }), (change, password) => {
      const { request, secret } = tool.plan({ id: 'w', url, ...ref, ...change }, 0)
      expect(request.body).toEqual({ ...change, url, username: '********', password: '********' })
      expect(secret).toMatchObject({ ref: 'acme', host: 'hooks.acme.com' })
      const full = secret!.fill({ username: 'u', password })
      expect(full).toEqual({ ...request, body: { ...change, url, username: 'u', password } })
      expect(JSON.stringify(request)).toContain('********')
    }),
  )
})
