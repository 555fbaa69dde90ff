/** A person holds the key: a write becomes a draft, and runs once when another person has approved it. */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { sdkClients } from '../clients/sdk-clients.ts'
import { callOver } from '../support/call-over.ts'
import { newTenant } from '../support/tenant.ts'
import { approver, BATCH, type Draft, invoice, keyed, pay, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const admin = keyed(stack, stack.adminApiKey)

test('an SDK 1.x client, the approval made over REST: one POST, and the caller learns of it', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const client = await sdkClients[0]!.connect(url)
  const waiting = await client.call(BATCH, { body: [invoice('APP-1'), invoice('APP-2', 655)] })
  const drafted = waiting.structuredContent as Record<string, string>
  expect(waiting.isError).toBeUndefined()
  expect(drafted).toMatchObject({
    outcome: 'pending_approval',
    count: 2,
    total: '130.00',
    total_cents: 13_000,
  })
  expect(drafted.approval_url).toBe(`${stack.baseUrl}/dashboard/approval/${drafted.approval_id}`)
  expect(await writesOf(tenant)).toEqual([])
  const person = await approver(stack)
  const shown = await person.get<Draft>(`/approval/${drafted.approval_id}`)
  expect(shown).toMatchObject({
    state: 'pending',
    reasons: [{ kind: 'always' }],
    summary: {
      count: 2,
      total: '130.00',
      suppliers: [{ id: 'sup_999', cents: 13_000, name: expect.any(String) }],
    },
    would_send: { request: 'POST /invoices/batch/', body: [{ invoice_number: 'APP-1' }, { amount: '6.55' }] },
  })
  const decided = await person.approve(drafted.approval_id!, 'checked against the invoices')
  expect(decided).toMatchObject({
    state: 'executed',
    decided_by: { id: person.id, name: 'Ann Approver' },
    decision_reason: 'checked against the invoices',
    outcome: { state: 'succeeded', result_count: 2 },
    // At b8f2a26 null in the answers to approve and reject, although it was shown before.
    summary: { suppliers: [{ id: 'sup_999', name: expect.any(String) }] },
  })
  expect(decided).not.toHaveProperty('would_send')
  const followed = await client.call('get_finexio_approval', { approval_id: drafted.approval_id })
  expect(followed.structuredContent).toMatchObject({
    state: 'executed',
    outcome: 'succeeded',
    result_count: 2,
  })
  const replay = await client.call(BATCH, {
    body: [invoice('APP-1'), invoice('APP-2', 655)],
    idempotency_key: drafted.idempotency_key,
  })
  expect(replay.structuredContent).toMatchObject({ outcome: 'succeeded', replayed: true })
  expect(await writesOf(tenant)).toHaveLength(1)
  await client.close()
})

test('the same call again, with or without its key, waits for the same person and makes no second draft', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const first = await pay(url, [invoice('SAME-1')])
  const again = await pay(url, [invoice('SAME-1')])
  const keyedAgain = await pay(url, [invoice('SAME-1')], { idempotency_key: first.data.idempotency_key })
  expect([again.data.approval_id, keyedAgain.data.approval_id]).toEqual(Array(2).fill(first.data.approval_id))
  // At b8f2a26 the repeats had no reasons, and a dry run said that the draft "is pending, so it cannot run any more".
  expect(first.data.reasons).toHaveLength(1)
  for (const repeat of [again, keyedAgain]) expect(repeat.data.reasons).toEqual(first.data.reasons)
  const rehearsed = await pay(url, [invoice('SAME-1')], { dry_run: true })
  expect(rehearsed.data).toMatchObject({
    verdict: 'needs_approval',
    warnings: first.data.reasons,
    note: expect.stringMatching(/waits for approval already/),
  })
  const { result } = await admin.get<{ result: Draft[] }>(
    `/integrated-account/${tenant.accountId}/approval?state=pending`,
  )
  expect(result.map(({ id }) => id)).toEqual([first.data.approval_id])
})

test('a draft is told of another that waits for the same invoice, by whatever key and URL, and so is its approver', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const other = await tenant.create({ methods: ['read', 'write'], approval: 'always' })
  const person = await approver(stack)
  const first = await pay(url, [invoice('PAIR-0'), invoice('PAIR-1')], {
    idempotency_key: 'the-first-of-a-pair',
  })
  expect(first.data).not.toHaveProperty('warnings')
  // At d9f6ffd2 without a word; amounts may repeat, so it is not refused.
  const again = await pay(url, [invoice('PAIR-1')], { idempotency_key: 'the-other-of-a-pair' })
  expect(again.data).toMatchObject({ outcome: 'pending_approval' })
  expect(again.data.warnings).toEqual([
    expect.stringMatching(
      new RegExp(
        `same number, supplier and buyer waits.*${first.data.approval_id}, asked for through this MCP server at .*Z`,
      ),
    ),
  ])
  // At 452f3913 neither a dry run nor a repeat of the same call said so.
  const repeated = await pay(url, [invoice('PAIR-1')], { idempotency_key: 'the-other-of-a-pair' })
  expect(repeated.data).toMatchObject({ approval_id: again.data.approval_id, warnings: again.data.warnings })
  const dryOf = async (rows: object[], more: object = {}) =>
    (await pay(url, rows, { ...more, dry_run: true })).data.warnings.join('\n')
  expect(await dryOf([invoice('PAIR-1')], { idempotency_key: 'the-other-of-a-pair' })).toContain(
    again.data.warnings[0],
  )
  expect(await dryOf([invoice('pair-1', 555)])).toContain(again.data.warnings[0])
  const elsewhere = await pay(other.url, [invoice('PAIR-1', 777)])
  expect(elsewhere.data.warnings).toEqual([
    expect.stringContaining(`${first.data.approval_id}, asked for through another MCP server`),
    expect.stringContaining(`${again.data.approval_id}, asked for through another MCP server`),
  ])
  expect((await pay(url, [invoice('PAIR-2')])).data).not.toHaveProperty('warnings')
  type Shown = { first_invoice: string | null; same: { id: string }[] }
  const shown = await person.get<Shown>(`/approval/${first.data.approval_id}`)
  expect(shown.first_invoice).toBe('PAIR-0')
  expect(shown.same.map(({ id }) => id)).toEqual([again.data.approval_id, elsewhere.data.approval_id])
  await person.reject(again.data.approval_id!, 'twice')
  const left = await person.get<Shown>(`/approval/${first.data.approval_id}`)
  expect(left.same.map(({ id }) => id)).toEqual([elsewhere.data.approval_id])
})

test('four eyes: neither root key, nor systems, nor who created the server or called may decide', async () => {
  const creator = await approver(stack, ['manage'], 'Carl Creator')
  const creatorApproves = await approver(stack, ['approve'], 'Carl Creator')
  const { tenant } = await tenantWith(stack)
  const server = await manage<{ url: string }>(
    { ...stack, adminApiKey: creator.token },
    'POST',
    `/integrated-account/${tenant.accountId}/mcp`,
    { name: 'own', config: { methods: ['write'], approval: 'always' } },
  )
  const { data } = await pay(server.url, [invoice('EYES-1')])
  // At b8f2a26: "This needs the role approve", which the admin key can never have. Siblings: reject, and a system's key.
  const system = await manage<{ token: string }>(stack, 'POST', '/api-token', {
    name: 'robot',
    kind: 'system',
    grants: ['manage'],
  })
  for (const [who, words] of [
    [admin, /admin key cannot approve.*a person who has it must/],
    [keyed(stack, system.token), /A system cannot approve.*a person who has it must/],
  ] as const) {
    await expect(who.approve(data.approval_id)).rejects.toThrow(words)
    await expect(who.reject(data.approval_id)).rejects.toThrow(words)
  }
  for (const who of [admin, creator, creatorApproves, await approver(stack, ['admin'], 'Ada')]) {
    await expect(who.approve(data.approval_id)).rejects.toThrow(/answered 403/)
    await expect(who.reject(data.approval_id)).rejects.toThrow(/answered 403/)
  }
  const foreign = await newTenant(stack)
  const elsewhere = await approver(stack, [`approve:${foreign.accountId}`], 'Eve')
  await expect(elsewhere.approve(data.approval_id)).rejects.toThrow(/answered 404/)
  expect(await writesOf(tenant)).toEqual([])
})

test('a draft whose URL was rotated cannot be approved, and says so to who decides', async () => {
  const { tenant, server, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('TURNED-1')])
  const path = `/integrated-account/${tenant.accountId}/mcp/${server.id}/rotate`
  await manage(stack, 'POST', path, {})
  const person = await approver(stack)
  await expect(person.approve(data.approval_id)).rejects.toThrow(
    /answered 409.*was canceled at .*\(reason: “the URL through which it was made ended”\).*have it made anew/,
  )
  expect(await writesOf(tenant)).toEqual([])
})

test('deciding again on what was approved says what came of it, and not that it may be made anew', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const person = await approver(stack)
  const { data } = await pay(url, [invoice('TWICE-1')])
  await person.approve(data.approval_id!, 'checked')
  // At d9f6ffd2: "is executed (checked): it cannot be approved any more. Nothing was sent. If it is still wanted, have it made anew."
  const accepted =
    /answered 409.*was approved at \d{4}-\d\d-\d\dT\d\d:\d\dZ by Ann Approver \(reason: “checked”\), and Finexio accepted it\. .*Do not have it made again/
  await expect(person.approve(data.approval_id!)).rejects.toThrow(accepted)
  await expect(person.reject(data.approval_id!)).rejects.toThrow(accepted)
  const withdrawn = await callOver(url, 'cancel_finexio_draft', { approval_id: data.approval_id })
  expect([withdrawn.isError, withdrawn.text]).toEqual([
    true,
    expect.stringMatching(
      /was approved at .*accepted it\. It cannot be withdrawn.*Do not have it made again/,
    ),
  ])
  expect(withdrawn.text).not.toMatch(/Ann|anew/)
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('rejected, withdrawn, or its server revoked: a draft never runs', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const person = await approver(stack)
  const rejected = (await pay(url, [invoice('NO-1')])).data
  expect(await person.reject(rejected.approval_id, 'not ordered')).toMatchObject({
    state: 'rejected',
    summary: { suppliers: [{ name: expect.any(String) }] },
  })
  await expect(person.approve(rejected.approval_id)).rejects.toThrow(/answered 409.*was rejected/)
  const drafted = await pay(url, [invoice('NO-1')], { idempotency_key: rejected.idempotency_key })
  expect([drafted.isError, drafted.text]).toEqual([
    true,
    expect.stringMatching(/is rejected.*new idempotency_key/),
  ])

  const withdrawn = (await pay(url, [invoice('NO-2')])).data
  const cancel = await callOver(url, 'cancel_finexio_draft', { approval_id: withdrawn.approval_id })
  expect(cancel.data).toMatchObject({ state: 'canceled' })
  await expect(person.approve(withdrawn.approval_id)).rejects.toThrow(/answered 409.*was canceled/)
  expect((await callOver(url, 'cancel_finexio_draft', { approval_id: withdrawn.approval_id })).isError).toBe(
    true,
  )

  const other = await tenant.create({ methods: ['write'], approval: 'always' })
  const orphan = (await pay(other.url, [invoice('NO-3')])).data
  const foreign = await callOver(url, 'cancel_finexio_draft', { approval_id: orphan.approval_id })
  expect(foreign.text).toMatch(/made no such draft/)
  await manage(stack, 'DELETE', `/integrated-account/${tenant.accountId}/mcp/${other.id}`)
  await expect(person.approve(orphan.approval_id)).rejects.toThrow(/answered 409.*was canceled/)
  expect(await writesOf(tenant)).toEqual([])
})

test('two approvers at once: one POST', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('RACE-1')])
  const people = await Promise.all([approver(stack), approver(stack), approver(stack)])
  const decided = await Promise.allSettled(people.map((person) => person.approve(data.approval_id)))
  expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('a supplier whose bank account changed since the draft was made ends the draft', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const open = await tenant.serve({ methods: ['read', 'write'] })
  const { data } = await pay(url, [invoice('SWAP-1')])
  const changed = await callOver(open, 'finexio_suppliers_partial_update', {
    id: 'sup_999',
    payment_method: 'ACH',
    bank_account_number: '99887766554',
    bank_routing_number: '021000021',
  })
  expect(changed.isError, changed.text).toBe(false)
  const person = await approver(stack)
  await expect(person.approve(data.approval_id)).rejects.toThrow(/answered 409.*sup_999: .*bank/)
  expect(await person.get<Draft>(`/approval/${data.approval_id}`)).toMatchObject({ state: 'canceled' })
  expect((await writesOf(tenant)).filter(({ path }) => path.includes('/invoices/'))).toEqual([])
})

test('an invoice that was submitted elsewhere meanwhile ends the draft', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('TWICE-1')])
  const open = await tenant.serve({ methods: ['write'] })
  expect((await pay(open, [invoice('TWICE-1')], { idempotency_key: crypto.randomUUID() })).data.outcome).toBe(
    'succeeded',
  )
  const person = await approver(stack)
  await expect(person.approve(data.approval_id)).rejects.toThrow(/answered 409.*duplicate_invoice/)
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('while Finexio cannot be asked, or a limit prevents it, the draft waits on', async () => {
  const { tenant, url } = await tenantWith(stack, {
    approval: 'always',
    limits: { per_day: { cents: 20_000 } },
  })
  const [one, two] = [(await pay(url, [invoice('WAIT-1')])).data, (await pay(url, [invoice('WAIT-2')])).data]
  const person = await approver(stack)
  await tenant.throttleNext()
  await expect(person.approve(one.approval_id)).rejects.toThrow(/answered 429.*waits on/)
  expect(await person.approve(one.approval_id)).toMatchObject({ state: 'executed' })
  await expect(person.approve(two.approval_id)).rejects.toThrow(/answered 409.*limit per_day/)
  expect(await person.get<Draft>(`/approval/${two.approval_id}`)).toMatchObject({ state: 'pending' })
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('an answer that was lost after approval is an unknown outcome, and is settled by looking', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('LOST-9')])
  await tenant.sandbox.addFault({ status: 504, applied: true, path: '/invoices/batch/' })
  const person = await approver(stack)
  expect(await person.approve(data.approval_id)).toMatchObject({
    state: 'executed',
    outcome: { state: 'unknown' },
  })
  const resolved = await callOver(url, 'resolve_finexio_write', { idempotency_key: data.idempotency_key })
  expect(resolved.data).toMatchObject({ outcome: 'succeeded', found_count: 1 })
  expect(await person.get<Draft>(`/approval/${data.approval_id}`)).toMatchObject({
    outcome: { state: 'succeeded' },
  })
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('over an amount: a split among calls is judged as one, and a changed bank account always needs a person', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: { over_cents: 20_000 } })
  expect((await pay(url, [invoice('SPLIT-1', 15_000)])).data.outcome).toBe('succeeded')
  const second = await pay(url, [invoice('SPLIT-2', 5_001)])
  expect(second.data).toMatchObject({
    outcome: 'pending_approval',
    reasons: [expect.stringMatching(/\$200.01 to supplier sup_999 within a day is over \$200.00/)],
  })
  expect((await pay(url, [invoice('SPLIT-3', 5_000)])).data.outcome).toBe('succeeded')
  const bank = {
    id: 'sup_123',
    payment_method: 'ACH',
    bank_account_number: '5551234',
    bank_routing_number: '021000021',
  }
  const change = await callOver(url, 'finexio_suppliers_partial_update', bank)
  expect(change.data).toMatchObject({ outcome: 'pending_approval' })
  const person = await approver(stack)
  const shown = await person.get<Draft>(`/approval/${change.data.approval_id}`)
  expect(JSON.stringify(shown)).not.toContain('5551234')
  expect(shown).toMatchObject({
    summary: { target: 'sup_123', fields: expect.arrayContaining(['bank_account_number']) },
  })
  expect(await person.approve(change.data.approval_id)).toMatchObject({ outcome: { state: 'succeeded' } })
  expect(await writesOf(tenant)).toHaveLength(3)
})

test('the default of an account holds for servers that say nothing, and not for those that do', async () => {
  const { tenant, url } = await tenantWith(stack)
  const own = await tenant.serve({ methods: ['write'], approval: 'none' })
  await manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}`, { approval: 'always' })
  expect((await pay(url, [invoice('DEF-1')])).data.outcome).toBe('pending_approval')
  expect((await pay(own, [invoice('DEF-2')])).data.outcome).toBe('succeeded')
})

test('the trail holds who drafted, who approved and what came of it', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('TRAIL-1')])
  const person = await approver(stack)
  await person.approve(data.approval_id)
  const { result } = await admin.get<{ result: Record<string, unknown>[] }>(
    `/log?log_type=write&integrated_account_id=${tenant.accountId}`,
  )
  expect(result.map(({ event }) => event)).toEqual(['concluded', 'claimed', 'approved', 'drafted'])
  expect(result[2]).toMatchObject({ approval_id: data.approval_id, actor_name: 'Ann Approver' })
})
