/** What needs a deployment: a new master key while traffic runs, then without the old one. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { inLanes } from '../../bench/lanes.ts'
import { manage } from '../../scripts/local/management.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { callOver } from '../support/call-over.ts'
import { times } from '../support/size.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'

// The product is restarted, its Finexio is not: accounts keep the address they were made with.
const { sandboxUrl, finexioBaseUrl } = inject('stack')
const dataDir = mkdtempSync(join(tmpdir(), 'finexio-mcp-rotation-'))
const secrets = randomSecrets()
const V2 = randomBytes(32).toString('base64')
const ACCOUNTS = 12

let stack: Stack
let paths: string[]
let writers: string[]
const restart = async (bindings: Record<string, string>) => {
  await stack?.stop()
  stack = await startBuilt({ dataDir, secrets, bindings, finexioBaseUrl })
}
const urls = () => paths.map((path) => `${stack.baseUrl}${path}`)

beforeAll(async () => {
  await restart({})
  paths = []
  writers = []
  for (let index = 0; index < ACCOUNTS; index++) {
    const tenant = await newTenant({ ...stack, sandboxUrl })
    paths.push(new URL(await tenant.serve()).pathname)
    writers.push(new URL(await tenant.serve({ methods: ['write'] })).pathname)
    const secret = { username: 'hook', password: 'made-up', allowed_hosts: ['hooks.acme.com'] }
    await manage(stack, 'PUT', `/integrated-account/${tenant.accountId}/secret/acme`, secret)
  }
})
afterAll(async () => {
  await stack.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const readsAll = async (count: number) => {
  const failed: string[] = []
  const targets = urls()
  await inLanes(count, 16, async (index) => {
    const { isError, text } = await callOver(targets[index % targets.length]!, 'list_all_finexio_webhooks')
    if (isError) failed.push(text)
  })
  return failed
}

/** Writes that need the stored webhook secret. */
const writesAll = async (count: number) => {
  const failed: string[] = []
  await inLanes(count, 8, async (index) => {
    const { isError, text } = await callOver(
      `${stack.baseUrl}${writers[index % writers.length]}`,
      'create_a_finexio_webhook',
      {
        event: 'payment.changed',
        url: `https://hooks.acme.com/${index}`,
        credential_ref: 'acme',
        idempotency_key: crypto.randomUUID(),
      },
    )
    if (isError) failed.push(text)
  })
  return failed
}

const reseal = async () => {
  const outcomes: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor && `&next_cursor=${cursor}`
    const page: { result: { outcome: string }[]; next_cursor: string | null } = await manage(
      stack,
      'POST',
      `/key/reseal?limit=3${query}`,
    )
    outcomes.push(...page.result.map(({ outcome }) => outcome))
    cursor = page.next_cursor
  }
  return outcomes
}

test('every credential and webhook secret is sealed anew under traffic with no failed call; the old key can then be destroyed', async () => {
  await restart({ MASTER_KEY_V2: V2, MASTER_KEY_PRIMARY: '2' })
  const [reads, writes, outcomes] = await Promise.all([
    readsAll(times(200, 10_000)),
    writesAll(times(60, 3_000)),
    reseal(),
  ])
  expect([reads, writes]).toEqual([[], []])
  expect(outcomes).toEqual(Array(ACCOUNTS).fill('resealed'))
  expect(await reseal()).toEqual(Array(ACCOUNTS).fill('already'))
  await restart({ MASTER_KEY_V1: '', MASTER_KEY_V2: V2, MASTER_KEY_PRIMARY: '2' })
  expect([await readsAll(ACCOUNTS), await writesAll(ACCOUNTS)]).toEqual([[], []])
})

test('a destroyed key opens nothing, and the answer blames the deployment, not the credential', async () => {
  await restart({
    MASTER_KEY_V1: '',
    MASTER_KEY_V2: randomBytes(32).toString('base64'),
    MASTER_KEY_PRIMARY: '2',
  })
  const failed = await readsAll(ACCOUNTS)
  expect(failed).toHaveLength(ACCOUNTS)
  expect(failed.join()).not.toMatch(/credentials/)
})
