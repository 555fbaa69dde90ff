import { expect, test } from 'vitest'
import { times } from '../support/size.ts'
import { send, tenant } from './support.ts'

const CROWD = times(8, 30)

type Row = { id: string; name?: string; tracking_id?: string }

const everything = async (username: string) => {
  const one = tenant(username)
  const paths = ['/payments/', '/invoices/', '/counterparties/suppliers', '/counterparties/buyers']
  const answers = await Promise.all(paths.map((path) => one.get(path)))
  return answers.flatMap(({ body }) => body.results as Row[])
}

const NAMED = new Set(['sup_123', 'sup_999', 'buy_456', 'buy_111', 'pay_555777', 'pay_555778'])

test('tenants hold the same shape with rows of their own, except the ids that example prompts name', async () => {
  const [demo, anna, ben] = [await everything('demo'), await everything('anna'), await everything('ben')]
  expect(anna.length).toBe(demo.length)
  const ids = (rows: Row[]) => rows.map(({ id }) => id).filter((id) => !NAMED.has(id))
  expect(ids(anna).filter((id) => ids(ben).includes(id) || ids(demo).includes(id))).toEqual([])
  const suppliers = (rows: Row[]) => rows.flatMap(({ name }) => name ?? [])
  expect(suppliers(anna).every((name) => name.toLowerCase().includes('anna'))).toBe(true)
  expect(suppliers(demo)).toContain('Acme Co.')
  const { body } = await send('/__sandbox/tenants')
  const { marker } = body.find(({ username }: { username: string }) => username === 'anna')
  const tracking = anna.flatMap(({ tracking_id }) => tracking_id ?? [])
  expect(tracking.every((id) => id.startsWith(`RC${marker}`))).toBe(true)
})

test(`${CROWD} tenants in parallel each see their own rows alone`, async () => {
  const names = Array.from({ length: CROWD }, (_, at) => `crowd-${at}`)
  const markers = new Map<string, Set<string>>()
  await Promise.all(
    names.flatMap((name) =>
      Array.from({ length: 10 }, async (_, at) => {
        const { status, body } = await tenant(name).get(`/payments/?page=${at + 1}`)
        expect(status).toBe(200)
        const seen = markers.get(name) ?? new Set()
        for (const { tracking_id } of body.results) seen.add(tracking_id.slice(2, 8))
        markers.set(name, seen)
      }),
    ),
  )
  expect([...markers.values()].every((seen) => seen.size === 1)).toBe(true)
  expect(new Set([...markers.values()].flatMap((seen) => [...seen])).size).toBe(names.length)
})

test('what one tenant writes no other sees', async () => {
  const [one, other] = [tenant('writer'), tenant('reader')]
  const { body } = await one.patch('/counterparties/suppliers/sup_123/', { notes: 'private' })
  expect(body.notes).toBe('private')
  expect((await other.get('/counterparties/suppliers/sup_123/')).body.notes).toBe('')
})
