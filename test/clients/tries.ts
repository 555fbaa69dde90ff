/** What every client is tried with, in its own way of calling: a list, a read, a write, refusals and a 429. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { BATCH, invoice, writesOf } from '../writes/live.ts'
import { CELLS, type Cell, type ClientName } from './declared.ts'
import type { Connected, Result } from './sdk-clients.ts'

/** What the person behind the client gets: its model's text, or the error it throws. */
export type Answer = { isError: boolean; text: string }

export type Session = Pick<Connected, 'toolNames' | 'close'> & {
  call(name: string, args: Record<string, unknown>): Promise<Answer>
}

export type Connect = (url: string) => Promise<Session>

export const answerOf = ({ isError, content }: Pick<Result, 'isError' | 'content'>): Answer => ({
  isError: isError ?? false,
  text: content.map(({ text }) => text ?? '').join('\n'),
})

const PAYMENTS = 'list_all_finexio_payments'
const HIDDEN = 'list_all_finexio_webhooks'

type Trial = {
  session: Session
  tenant: Tenant
  /** Like the session's, and a thrown error is an answer as well. */
  call: Session['call']
}

/** What was sent to Finexio meanwhile. */
const sentBy = async ({ tenant }: Trial, work: () => Promise<unknown>): Promise<number> => {
  const before = await tenant.requestCount()
  await work()
  return (await tenant.requestCount()) - before
}

const trials: Record<Cell, (trial: Trial) => Promise<void>> = {
  list: async ({ session }) => {
    const names = await session.toolNames()
    expect(names).toEqual(expect.arrayContaining([PAYMENTS, BATCH]))
    expect(names).not.toContain(HIDDEN)
  },
  read: async ({ call }) => {
    const { isError, text } = await call(PAYMENTS, { limit: 2 })
    expect([isError, text]).toEqual([false, expect.stringContaining('tracking_id')])
  },
  write: async (trial) => {
    const { isError, text } = await trial.call(BATCH, { body: [invoice('CLIENT-1')] })
    expect([isError, text]).toEqual([false, expect.stringContaining('pending_approval')])
    expect(await writesOf(trial.tenant)).toEqual([])
  },
  refusal: async (trial) => {
    const count = await sentBy(trial, async () => {
      const hidden = await trial.call(HIDDEN, {})
      expect([hidden.isError, hidden.text]).toEqual([true, expect.stringContaining(HIDDEN)])
      const wrong = await trial.call(PAYMENTS, { fields: ['colour'] })
      expect([wrong.isError, wrong.text]).toEqual([true, expect.stringMatching(/colour/)])
    })
    expect(count).toBe(0)
  },
  '429': async (trial) => {
    await trial.tenant.throttleNext()
    const count = await sentBy(trial, async () => {
      const { isError, text } = await trial.call(PAYMENTS, { limit: 2 })
      expect([isError, text]).toEqual([true, expect.stringMatching(/17 s/)])
    })
    expect(count).toBe(1)
  },
}

/** Registers the tests of one client: a cell of its row in docs/clients.md each. */
export const tries = (name: ClientName, connect: Connect): void => {
  describe(name, () => {
    let trial: Trial
    beforeAll(async () => {
      const tenant = await newTenant(inject('stack'))
      const url = await tenant.serve({
        methods: ['read', 'write'],
        tags: ['payments', 'invoices'],
        approval: 'always',
      })
      const session = await connect(url)
      const call: Session['call'] = (tool, args) =>
        session.call(tool, args).catch((error: unknown) => ({ isError: true, text: String(error) }))
      trial = { session, tenant, call }
    })
    afterAll(() => trial?.session.close())
    test.each(CELLS)('%s', (cell) => trials[cell](trial))
  })
}
