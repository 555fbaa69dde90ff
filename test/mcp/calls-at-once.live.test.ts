/**
 * Calls past those that an account may have under way (fault H4). At commit b8f2a26 1,000 connections to one account were all served:
 * p50 1.6 s, memory to 984 MB.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { approver, BATCH, invoice, pay, writesOf } from '../writes/live.ts'
import { BOUND, CALL, type Crowd, expectRoom, fill, newWorld, release, startCrowd, TOOL } from './crowd.ts'
import { legacy, modern } from './fake.ts'

let crowd: Crowd
beforeAll(async () => {
  crowd = await startCrowd()
})
afterAll(() => crowd.stop())

describe('while all places are taken', () => {
  test.concurrent('the next call is refused at once as ours, in either era, and Finexio sees nothing of it', async () => {
    const world = await newWorld(crowd)
    const second = await world.tenant.serve()
    const arrived = world.proxy.arrivedOf(world.tenant.username)
    const answers = await fill(world)
    for (const [url, init] of [
      [world.url, CALL],
      [second, CALL],
      [world.url, modern('tools/call', { name: TOOL, arguments: {} })],
    ] as const) {
      const { status, headers, ...response } = await fetch(url, init).then(async (answer) => ({
        status: answer.status,
        headers: answer.headers,
        body: await answer.json(),
      }))
      expect(status).toBe(503)
      const wait = Number(headers.get('retry-after'))
      expect(wait).toBeGreaterThanOrEqual(1)
      expect(wait).toBeLessThanOrEqual(10)
      expect(headers.get('ratelimit-limit')).toBe(String(BOUND))
      expect(response.body).toMatchObject({
        id: 1,
        error: {
          code: 503,
          message: expect.stringMatching(/own limit.*3 tool calls.*under way.*Nothing was sent to Finexio/),
          data: { source: 'server', limit: BOUND, remaining: 0, reset: wait },
        },
      })
    }
    expect(world.proxy.arrivedOf(world.tenant.username) - arrived).toBe(BOUND)
    expect(await release(world, answers)).toEqual(Array(BOUND).fill(200))
    await expectRoom(world)
  })

  test.concurrent('when one ends the next is let in', async () => {
    const world = await newWorld(crowd)
    const answers = await fill(world)
    expect((await fetch(world.url, CALL)).status).toBe(503)
    world.proxy.heldOf(world.tenant.username)[0]!.go('on')
    expect((await Promise.race(answers)).status).toBe(200)
    const arrived = world.proxy.arrivedOf(world.tenant.username)
    const late: Promise<Response>[] = []
    await expect
      .poll(() => {
        late.push(fetch(world.url, CALL))
        return world.proxy.arrivedOf(world.tenant.username) - arrived
      })
      .toBe(1)
    await release(world, [])
    const statuses = await Promise.all(late.map(async (answer) => (await answer).status))
    expect(statuses).toContain(200)
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
  })

  /** Kind: what may call Finexio counts. Siblings: a completion, a composite, a tool inside of discovery mode. */
  test.concurrent.each<[string, Record<string, unknown>, [string, object]]>([
    [
      'a completion',
      { methods: ['read'] },
      [
        'completion/complete',
        {
          ref: { type: 'ref/prompt', name: 'reconcile-drawdown' },
          argument: { name: 'drawdown', value: 'd' },
        },
      ],
    ],
    [
      'a composite',
      { methods: ['read'] },
      ['tools/call', { name: 'trace_finexio_invoice', arguments: { invoice_number: 'INV-1' } }],
    ],
    [
      'a tool inside of discovery mode',
      { methods: ['read'], tool_exposure: 'discovery' },
      ['tools/call', { name: 'call_read_tool', arguments: { tool_name: TOOL, arguments: {} } }],
    ],
  ])('%s is refused as well', async (_, config, [method, params]) => {
    const world = await newWorld(crowd)
    const other = await world.tenant.serve(config)
    const answers = await fill(world)
    const response = await fetch(other, legacy(method, params))
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { error: { data: { source: 'server' } } },
    ])
    expect(world.proxy.heldOf(world.tenant.username)).toHaveLength(BOUND)
    await release(world, answers)
  })

  /** Kind: what calls no Finexio is answered under any load. Siblings: prompts, resources, a notification. */
  test.concurrent.each<[string, object]>([
    [
      'initialize',
      { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    ],
    ['tools/list', {}],
    ['ping', {}],
    ['prompts/list', {}],
    ['resources/list', {}],
  ])('%s is answered', async (method, params) => {
    const world = await newWorld(crowd)
    const answers = await fill(world)
    const response = await fetch(world.url, legacy(method, params))
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ result: expect.anything() }),
    ])
    await release(world, answers)
  })

  test.concurrent('other accounts go on', async () => {
    const [loud, quiet] = [await newWorld(crowd), await newWorld(crowd)]
    const answers = await fill(loud)
    const calm = await Promise.all(Array.from({ length: BOUND }, () => fetch(quiet.url, CALL)))
    expect(calm.map(({ status }) => status)).toEqual(Array(BOUND).fill(200))
    await release(loud, answers)
  })

  test.concurrent('a write that is refused claims nothing, and goes out under the same key later, once', async ({
    expect,
  }) => {
    const world = await newWorld(crowd)
    const { tenant, url } = world
    const answers = await fill(world)
    const idempotency_key = 'crowd-0001'
    const refused = await pay(url, [invoice('C-1')], { idempotency_key })
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('Nothing was sent')])
    await release(world, answers)
    expect(await writesOf(tenant)).toHaveLength(0)
    const again = async () => {
      const { status, data } = await pay(url, [invoice('C-1')], { idempotency_key })
      return status === 200 ? data : status
    }
    await expect.poll(again).toMatchObject({ outcome: 'succeeded' })
    await expect.poll(again).toMatchObject({ replayed: true })
    expect(await writesOf(tenant)).toHaveLength(1)
  })

  test.concurrent('a person decides all the same: what is approved is sent while calls hold every place', async () => {
    const { stack } = crowd
    const world = await newWorld(crowd, {
      methods: ['read', 'write'],
      approval: 'always',
      duplicate_guard: { requests: 0 },
    })
    const ann = await approver(stack)
    const drafted = await pay(world.url, [invoice('C-2')])
    expect(drafted.data).toMatchObject({ outcome: 'pending_approval' })
    const answers = await fill(world)
    expect(await ann.approve(drafted.data.approval_id)).toMatchObject({ state: 'executed' })
    expect(await writesOf(world.tenant)).toHaveLength(1)
    expect((await fetch(world.url, CALL)).status).toBe(503)
    await release(world, answers)
  })

  test.concurrent('refused calls leave no row in the trail', async ({ expect }) => {
    const world = await newWorld(crowd)
    const answers = await fill(world)
    const refused = await Promise.all(Array.from({ length: 40 }, () => fetch(world.url, CALL)))
    expect(refused.map(({ status }) => status)).toEqual(Array(40).fill(503))
    await release(world, answers)
    const path = `/log?integrated_account_id=${world.tenant.accountId}&log_type=mcp&limit=100`
    const rows = async () => (await manage<{ result: unknown[] }>(crowd.stack, 'GET', path)).result.length
    await expect.poll(rows).toBe(BOUND)
  })
})

test.concurrent('an agent that calls one after another is never refused, though each place is given back after its answer', async () => {
  const world = await newWorld(crowd)
  const statuses = []
  for (let call = 0; call < 30; call++) statuses.push((await fetch(world.url, CALL)).status)
  expect(statuses).toEqual(Array(30).fill(200))
})

test.concurrent('the money tool is one of those that count', async () => {
  const world = await newWorld(crowd)
  const answers = await fill(world)
  for (const args of [{ dry_run: true }, {}]) {
    const params = { name: BATCH, arguments: { body: [invoice('C-3')], ...args } }
    expect((await fetch(world.url, modern('tools/call', params))).status).toBe(503)
  }
  await release(world, answers)
})
