import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { shownSetting } from '../../src/account/audit/settings-now.ts'
import { fakeFinexio } from '../api/support.ts'
import { ask, awake, company, directory, waits } from '../who/loosening-support.ts'
import { browser } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('a second person sees before and after and agrees; who asked is told who can, and may withdraw', async () => {
  const { account, ben, cleo } = await company()
  const server = await awake(account, { methods: ['write'], approval: 'always' })
  const id = await waits(ask(ben.key, 'PATCH', server, { config: { approval: 'none' } }))
  const path = `/dashboard/settings-drafts/${id}`
  const his = browser()
  await his.signIn(ben.key)
  const own = await his.get(path)
  expect(own.text).toContain('Who asked for a change may not agree to it.')
  expect(own.text).not.toContain('value="agree"')
  expect(own.text).toContain('value="reject"')
  expect((await his.post(path, { decision: 'agree' })).status).toBe(400)
  const hers = browser()
  await hers.signIn(cleo.key)
  expect((await hers.get('/dashboard/settings-drafts')).text).toContain(
    'Change of MCP server “Agent”: Approval by a person',
  )
  const page = await hers.get(path)
  for (const word of ['for every write', 'not asked for', 'value="agree"', `Ben`])
    expect(page.text).toContain(word)
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)![1]!
  const done = await hers.send('POST', path, { form: { csrf, decision: 'agree' } })
  expect([done.status, done.location]).toEqual([303, path])
  // Seen on main until now: a decided change stood under "Now", waited on for three days, and said nothing of when.
  const decided = (await hers.get(path)).text
  for (const words of ['This change was agreed to, and is in force since', '>Before</th>', 'Who asked'])
    expect(decided).toContain(words)
  for (const words of ['>Now</th>', 'Waits until', '“”']) expect(decided).not.toContain(words)
  // Seen before: “Avery Approver:” and nothing after it. Siblings: rejected, in the history, and a reason of blanks.
  expect(decided).toMatch(/Cleo \d+, <time/)
  const reasons: string[] = []
  for (const [how, reason] of [
    ['reject', undefined],
    ['reject', '   '],
  ] as const) {
    const asked = await waits(
      ask(ben.key, 'PATCH', server, { config: { methods: ['read', 'write', 'list'] } }),
    )
    await ask(cleo.key, 'POST', `/settings-draft/${asked}/${how}`, { reason })
    reasons.push((await hers.get(`/dashboard/settings-drafts/${asked}`)).text)
  }
  for (const text of reasons) expect(text).toMatch(/Cleo \d+, <time [^>]*>[^<]*<\/time><\/div>/)
  expect((await ask(ben.key, 'GET', server)).body.config.approval).toBe('none')
})

/**
 * Seen at main: whoever had to agree read “over $?.undefined” and “in 24 hours $?.undefined”, since amounts of five digits and more
 * were masked like numbers of bank accounts. Siblings: an approval's amount, an account's limits, the names of who may be paid.
 */
test('whoever agrees to a change of settings sees its amounts and ids whole, and fixed bank numbers masked', async () => {
  const { account, ada, ben, cleo } = await company()
  const limits = { per_day: { cents: 9_000_000, count: 12_345 } }
  const path = `/integrated-account/${account}`
  await ask(ada.key, 'PATCH', path, { limits: { per_day: { cents: 100_000 } } })
  const server = await awake(account, {
    methods: ['write'],
    approval: { over_cents: 250_000 },
    allowed_suppliers: ['sup_1234567'],
  })
  const drafts = [
    await waits(ask(ada.key, 'PATCH', path, { limits })),
    await waits(
      ask(ben.key, 'PATCH', server, {
        config: { approval: { over_cents: 1_000_000 }, allowed_suppliers: ['sup_1234567', 'sup_7654321'] },
      }),
    ),
  ]
  const hers = browser()
  await hers.signIn(cleo.key)
  const pages: string[] = []
  for (const id of drafts) pages.push((await hers.get(`/dashboard/settings-drafts/${id}`)).text)
  for (const words of ['$1,000.00', '$90,000.00, 12,345 invoices']) expect(pages[0]).toContain(words)
  for (const words of ['over $2,500.00', 'over $10,000.00', 'sup_1234567, sup_7654321'])
    expect(pages[1]).toContain(words)
  expect(pages.join('')).not.toContain('undefined')
  // What the API refuses today an earlier version may have stored.
  const fixed = { '*': { bank_account_number: '123456789', '/words': 'Ref 5551293123' } }
  expect(JSON.stringify(shownSetting('fixed', fixed))).not.toMatch(/123456789|5551293123/)
  expect(shownSetting('credentials.username', '5551293123')).toBe('****3123')
})

test('a form that loosens says what waits instead of that all is saved', async () => {
  const { account, ada } = await company()
  await ask(ada.key, 'PUT', `/integrated-account/${account}/writes`, { stopped: true })
  const hers = browser()
  await hers.signIn(ada.key)
  const answer = await hers.post(`/dashboard/accounts/${account}/writes`, { stopped: '0' })
  expect(answer.status).toBe(303)
  expect(answer.location).toMatch(/\?waits=[0-9a-f-]{36}$/)
  const page = await hers.get(answer.location!)
  expect(page.text).toContain('Waits for a second person')
  expect(page.text).not.toContain('Writes may leave again')
  expect((await hers.get('/dashboard/accounts?waits=%3Cb%3E')).text).not.toContain(
    'Waits for a second person',
  )
})

test('pages that speak of approval say while one person can undo it, and every page says one-person mode', async () => {
  const { cleo, ada } = await company()
  const hers = browser()
  await hers.signIn(cleo.key)
  expect((await hers.get('/dashboard/approvals')).text).not.toContain('One person can undo this rule')
  await directory().changeDeployment({ second_person_for_settings: false, one_person: ada.id })
  const page = await hers.get('/dashboard/approvals')
  expect(page.text).toContain('One person can undo this rule')
  expect(page.text).toContain('One-person mode sleeps while anybody else is enabled')
  const { people } = await directory().listPeople(100)
  for (const { id } of people.filter(({ id }) => id !== ada.id))
    await directory().changePerson(id, { disabled: true })
  const alone = browser()
  await alone.signIn(ada.key)
  expect((await alone.get('/dashboard/accounts')).text).toContain('One-person mode: the owner decides')
})

// Sibling of A15, seen at main before this: whatever was no “agree” rejected the change.
test.each(['', 'approve', 'Agree', 'agree '])('%j is no decision: the change waits on', async (decision) => {
  const { account, ben, cleo } = await company()
  const server = await awake(account, { methods: ['write'], approval: 'always' })
  const id = await waits(ask(ben.key, 'PATCH', server, { config: { approval: 'none' } }))
  const hers = browser()
  await hers.signIn(cleo.key)
  expect((await hers.post(`/dashboard/settings-drafts/${id}`, { decision })).status).toBe(400)
  expect((await ask(cleo.key, 'GET', `/settings-draft/${id}`)).body.state).toBe('pending')
})
