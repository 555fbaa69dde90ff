/** An account whose calls Finexio holds, at a product that lets three be under way at once. */
import { expect, inject } from 'vitest'
import type { Stack } from '../../scripts/local/stack.ts'
import { type HeldProxy, startHeldProxy } from '../support/held-proxy.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { legacy } from './fake.ts'

export const BOUND = 3
export const TOOL = 'list_all_finexio_webhooks'
export const CALL = legacy('tools/call', { name: TOOL, arguments: {} })

export type Crowd = { stack: Stack; proxy: HeldProxy; stop(): Promise<void> }

export const startCrowd = async (bindings: Record<string, string> = {}): Promise<Crowd> => {
  const proxy = await startHeldProxy(inject('stack').sandboxUrl!)
  const stack = await startBuilt({
    finexioBaseUrl: `${proxy.url}/v2`,
    bindings: { OWN_CALLS_AT_ONCE: String(BOUND), ...bindings },
  })
  const stop = async () => {
    await stack.stop()
    await proxy.close()
  }
  return { stack, proxy, stop }
}

export type World = { tenant: Tenant; url: string; proxy: HeldProxy }

export const newWorld = async (
  { stack, proxy }: Crowd,
  config: Record<string, unknown> = { methods: ['read', 'write'], duplicate_guard: { requests: 0 } },
): Promise<World> => {
  const tenant = await newTenant({ ...stack, sandboxUrl: inject('stack').sandboxUrl })
  return { tenant, url: await tenant.serve(config), proxy }
}

/** Asks for something that nothing else asks for: a call from before, which only now reaches Finexio, is not held. */
const PROBE = legacy('tools/call', {
  name: 'get_single_finexio_payment_by_id',
  arguments: { id: 'probe' },
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** One call that Finexio holds. What finds no place yet, since an earlier one is just being given back, comes again. */
const occupy = async ({
  tenant: { username },
  url,
  proxy,
}: World): Promise<{ answer: Promise<Response> }> => {
  for (;;) {
    const before = proxy.heldOf(username).length
    let status = 0
    const answer = fetch(url, PROBE).then((response) => {
      status = response.status
      return response
    })
    while (status === 0 && proxy.heldOf(username).length === before) await pause(5)
    if (status === 0) return { answer }
    expect(status).toBe(503)
  }
}

/** All places are taken by calls that Finexio holds. */
export const fill = async (world: World): Promise<Promise<Response>[]> => {
  world.proxy.hold(world.tenant.username, '/probe')
  const answers: Promise<Response>[] = []
  while (answers.length < BOUND) answers.push((await occupy(world)).answer)
  return answers
}

/** Finexio answers all that it holds. */
export const release = async (
  { proxy, tenant }: World,
  answers: readonly Promise<Response>[],
): Promise<number[]> => {
  proxy.release(tenant.username)
  return Promise.all(answers.map(async (answer) => (await answer).status))
}

/** Exactly as many calls as may be are let in: none kept its place, and none gave back another's. */
export const expectRoom = async (world: World): Promise<void> => {
  const answers = await fill(world)
  expect((await fetch(world.url, CALL)).status).toBe(503)
  expect(await release(world, answers)).toEqual(Array(BOUND).fill(200))
}
