/** Section 10 sentence by sentence: what is done in a firm of six, and what the last step is answered. */

import type { Config, Grant, Key, Op, Principal, Refusal } from './types.ts'

const root: Key = 'root'
const t = (token: number): Key => ({ token })
const me = (person: number): Key => ({ person })
const settings: Config = {
  ...{ methods: 'write', approval: 'always', limit: 500, secondFactor: true, holder: null, name: 0 },
}
const token = (by: Key, holder: Principal, ...grants: Grant[]): Op => ({
  do: 'token',
  by,
  holder,
  grants,
  hours: null,
})
const server = (by: Key, config: Partial<Config> = {}, account = 0): Op => ({
  ...{ do: 'server', by, account, config: { ...settings, ...config } },
})
const edit = (by: Key, patch: Partial<Config>, id = 0): Op => ({ do: 'edit', by, server: id, patch })
const rotate = (by: Key, id = 0): Op => ({ do: 'rotate', by, server: id })
const remove = (by: Key, id = 0): Op => ({ do: 'delete', by, server: id })
const pay = (by: Key, id = 0, cents = 100): Op => ({
  do: 'call',
  by,
  server: id,
  payee: 0,
  cents,
  changes: false,
})
const moves = (by: Key, id = 0): Op => ({ do: 'call', by, server: id, payee: 0, cents: 100, changes: true })
const decide = (by: Key, draft = 0, yes = true): Op => ({ do: 'decide', by, draft, yes })
const settle = (by: Key, proposal = 0, yes = true): Op => ({ do: 'settle', by, proposal, yes })
const switches = (by: Key, name: 'stop' | 'resume'): Op => ({ do: name, by, account: 0 })
const person = (by: Key, name: 'enable' | 'disable', id: number): Op => ({ do: name, by, person: id })
const grants = (by: Key, name: 'grant' | 'lose', id: number, grant: Grant): Op => ({
  ...{ do: name, by, person: id, grant },
})
const revoke = (by: Key, id: number): Op => ({ do: 'revoke', by, token: id })
const reads = (by: Key, what: 'servers' | 'trail' | 'drafts' | 'people'): Op => ({
  do: 'read',
  by,
  what,
  account: 0,
})
const hours = (length: number): Op => ({ do: 'wait', hours: length })

const second: Op = { do: 'second', by: root, account: 0, on: true }
const off = (by: Key): Op => ({ do: 'second', by, account: 0, on: false })

/** p0 admin, p1 and p5 approvers, p2 clerk, p3 manager, p4 auditor, s0: tokens 0 to 6. Server 0 asks for the second factor, 1 is bare, 2 reads. */
const [admin, ann, clerk, manager, auditor, eve, bot] = [t(0), t(1), t(2), t(3), t(4), t(5), t(6)]
const nobody: Key = 'nobody'
const roles: Grant[] = ['admin', 'approve', 'use', 'manage', 'audit', 'approve']
export const firm: Op[] = [
  ...roles.map((): Op => ({ do: 'person', by: root, grants: [] })),
  { do: 'system', by: root },
  ...roles.map((role, id): Op => token(root, `p${id}`, role)),
  token(root, 's0', 'use'),
  ...[server(root), server(root, { secondFactor: false }), server(root, { methods: 'read' })],
]
/** A company of one, who chose it; token 0 admin, 1 approve, 2 use, 3 the system's. Server 0 is p0's own. */
export const alone: Op[] = [
  ...([{ do: 'person', by: root, grants: [] }, { do: 'system', by: root } as const] as Op[]),
  ...[
    token(root, 'p0', 'admin'),
    token(root, 'p0', 'approve'),
    token(root, 'p0', 'use'),
    token(t(0), 's0', 'use'),
  ],
  ...[{ do: 'one', by: t(0), owner: 0 } as const, server(t(0))],
]

export type Expected = 'done' | 'paid' | 'waits' | 'proposed' | 'partly_proposed' | Refusal
export type Case = [sentence: string, ops: Op[], expected: Expected]

export const principals: Case[] = [
  [
    'whoever issued a token holds it: not who issued the caller’s',
    [token(root, 'p0', 'approve'), token(admin, 's0', 'use'), pay(t(8)), decide(t(7))],
    'own_hand',
  ],
  [
    'whoever issued a token holds it: not with a token that the caller issued',
    [token(root, 'p0', 'use'), token(admin, 'p1', 'approve'), revoke(root, 1), pay(t(7)), decide(t(8))],
    'own_hand',
  ],
  ['what root issued binds nobody', [pay(clerk), decide(ann)], 'paid'],
  [
    'a server names its holder, who works through it',
    [server(root, { secondFactor: false, holder: 'p1' }), pay(nobody, 3), decide(ann)],
    'own_hand',
  ],
  [
    'another may decide on what the holder asked for',
    [server(root, { secondFactor: false, holder: 'p1' }), pay(nobody, 3), decide(eve)],
    'paid',
  ],
  [
    'compared is the principal, never the token',
    [token(root, 'p1', 'use'), pay(t(7)), decide(ann)],
    'own_hand',
  ],
  [
    'compared is the principal: a sign-in is its person',
    [grants(root, 'grant', 1, 'use'), pay(me(1)), decide(ann)],
    'own_hand',
  ],
]

export const grantsAndRoles: Case[] = [
  ['a role for one account acts there', [token(root, 'p4', 'approve:0'), pay(clerk), decide(t(7))], 'paid'],
  ['a role for one account narrows', [token(root, 'p4', 'approve:1'), pay(clerk), decide(t(7))], 'role'],
  ['an account gives nothing by itself', [token(root, 'p2')], 'grant'],
  ['`use` calls', [pay(clerk)], 'waits'],
  ['`use` reads no settings', [reads(clerk, 'servers')], 'role'],
  [
    '`use` edits nothing, confined or not',
    [token(root, 'p2', 'use:0'), edit(t(7), { approval: 'none' })],
    'role',
  ],
  ['`use` makes no URL of its own', [server(clerk)], 'role'],
  ['`use` does not resume writes', [switches(root, 'stop'), switches(clerk, 'resume')], 'role'],
  ['`approve` sees drafts', [reads(ann, 'drafts')], 'done'],
  ['`approve` reads no trail', [reads(ann, 'trail')], 'role'],
  ['`approve` edits nothing', [edit(ann, { approval: 'none' })], 'role'],
  ['`approve` rotates nothing', [rotate(ann)], 'role'],
  ['`approve` does not call', [pay(ann)], 'second_factor'],
  ['`manage` makes servers', [server(manager), pay(clerk, 3)], 'waits'],
  ['`manage` reads the trail', [reads(manager, 'trail')], 'done'],
  ['`manage` issues no tokens', [token(manager, 'p3', 'use')], 'role'],
  ['`manage` decides nothing', [pay(clerk), decide(manager)], 'role'],
  ['`audit` reads everything', [reads(auditor, 'people')], 'done'],
  ['`audit` stops writes', [switches(auditor, 'stop'), pay(clerk)], 'stopped'],
  ['`audit` resumes nothing', [switches(auditor, 'stop'), switches(auditor, 'resume')], 'role'],
  ['`audit` revokes URLs', [remove(auditor), pay(clerk)], 'gone'],
  ['`audit` does not make a URL by rotating', [rotate(auditor)], 'role'],
  ['`audit` does not even narrow settings', [edit(auditor, { methods: 'read' })], 'role'],
  ['`admin` holds `manage`', [edit(admin, { limit: 100 })], 'done'],
  ['`admin` never holds `use`', [pay(admin)], 'second_factor'],
  ['`admin` never holds `approve`', [pay(clerk), decide(admin)], 'role'],
  ['`use` stands alone on a token', [token(root, 'p2', 'use', 'audit')], 'grant'],
  ['`approve` stands with `audit`', [token(root, 'p1', 'approve', 'audit')], 'done'],
  ['`approve` stands with nothing else', [token(root, 'p1', 'approve', 'manage')], 'grant'],
  ['`approve` for one account neither', [token(root, 'p1', 'approve:0', 'manage:1')], 'grant'],
  ['a person may hold tokens of both kinds', [token(root, 'p1', 'use')], 'done'],
  [
    'nobody grants more than they hold: another account',
    [token(root, 'p0', 'admin:0'), token(t(7), 'p4', 'manage:1')],
    'role',
  ],
  [
    'nobody grants more than they hold: all accounts',
    [token(root, 'p0', 'admin:0'), token(t(7), 'p4', 'admin')],
    'role',
  ],
  [
    'but `admin` may grant `approve` and `use`',
    [token(root, 'p0', 'admin:0'), token(t(7), 'p4', 'approve:0')],
    'done',
  ],
]

export const fourEyes: Case[] = [
  [
    'not who created the server',
    [token(root, 'p3', 'approve'), server(manager), pay(clerk, 3), decide(t(7))],
    'own_hand',
  ],
  [
    'not who rotated it',
    [token(root, 'p3', 'approve'), rotate(manager), pay(clerk), decide(t(7))],
    'own_hand',
  ],
  [
    'not who rotated it, even if somebody did since',
    [token(root, 'p3', 'approve'), rotate(manager), rotate(admin), pay(clerk), decide(t(7))],
    'own_hand',
  ],
  [
    'not who last changed it',
    [token(root, 'p3', 'approve'), edit(manager, { limit: 400 }), pay(clerk), decide(t(7))],
    'own_hand',
  ],
  [
    'not who changed it while the draft waited',
    [token(root, 'p3', 'approve'), pay(clerk), edit(manager, { limit: 900 }), decide(t(7))],
    'own_hand',
  ],
  [
    'who changed it before the last one may',
    [
      token(root, 'p3', 'approve'),
      edit(manager, { limit: 400 }),
      edit(admin, { limit: 300 }),
      pay(clerk),
      decide(t(7)),
    ],
    'paid',
  ],
  [
    'not who changed the payee',
    [token(root, 'p1', 'use'), moves(t(7)), decide(eve), pay(clerk), decide(ann, 1)],
    'own_hand',
  ],
  [
    'who agreed to the change of the payee may',
    [token(root, 'p1', 'use'), moves(t(7)), decide(eve), pay(clerk), decide(eve, 1)],
    'paid',
  ],
  [
    'the role is older than the draft',
    [pay(clerk), token(root, 'p4', 'approve'), decide(t(7))],
    'young_role',
  ],
  [
    'unless it was lost in between: a token',
    [pay(clerk), revoke(root, 1), token(root, 'p1', 'approve'), decide(t(7))],
    'young_role',
  ],
  [
    'unless it was lost in between: a person',
    [pay(clerk), person(root, 'disable', 1), person(root, 'enable', 1), decide(ann)],
    'young_role',
  ],
  [
    'it counts from the first grant',
    [pay(clerk), token(root, 'p1', 'approve'), revoke(root, 1), decide(t(7))],
    'paid',
  ],
  ['nobody knows the caller, settings need nobody', [pay(nobody, 1), decide(ann)], 'paid'],
  [
    'nobody knows the caller, settings need a second person',
    [second, pay(nobody, 1), decide(ann)],
    'unknown_caller',
  ],
  ['what cannot be approved can be rejected', [second, pay(nobody, 1), decide(ann, 0, false)], 'done'],
  [
    'without the second factor a token names no caller',
    [second, pay(clerk, 1), decide(ann)],
    'unknown_caller',
  ],
  ['root never decides', [pay(clerk), decide(root)], 'role'],
  ['systems never decide', [token(root, 's0', 'approve')], 'grant'],
]

export const loosening: Case[] = [
  ['it is off until somebody turns it on', [edit(manager, { approval: 'none' }), pay(clerk)], 'paid'],
  ['methods', [second, edit(manager, { methods: 'write' }, 2)], 'proposed'],
  ['limits', [second, edit(manager, { limit: null })], 'proposed'],
  ['approval', [second, edit(manager, { approval: 'none' }), pay(clerk)], 'waits'],
  ['second factor', [second, edit(manager, { secondFactor: false })], 'proposed'],
  ['a holder, since it makes a caller known', [second, edit(manager, { holder: 's0' }, 1)], 'proposed'],
  ['another person as holder takes admin', [edit(manager, { holder: 'p1' }, 1)], 'role'],
  ['another person as holder of a new server too', [server(manager, { holder: 'p1' })], 'role'],
  ['whoever manages may hold a server', [edit(manager, { holder: 'p3' }, 1)], 'done'],
  ['whoever administers may name another person', [edit(admin, { holder: 'p1' }, 1)], 'done'],
  ['resumed writes', [second, switches(auditor, 'stop'), switches(admin, 'resume'), pay(clerk)], 'stopped'],
  ['a new server that writes sleeps', [second, server(manager), pay(clerk, 3)], 'asleep'],
  ['a new server that reads does not', [second, server(manager, { methods: 'read' })], 'done'],
  ['a new person', [second, { do: 'person', by: admin, grants: [] }], 'proposed'],
  [
    'a person who is let in again',
    [second, person(admin, 'disable', 1), person(admin, 'enable', 1)],
    'proposed',
  ],
  ['a new token', [second, token(admin, 'p4', 'approve'), pay(clerk), decide(t(7))], 'credential'],
  ['a new grant', [second, grants(admin, 'grant', 4, 'approve')], 'proposed'],
  ['turning it off', [second, off(admin)], 'proposed'],
  [
    'another person with `approve` agrees',
    [second, edit(manager, { approval: 'none' }), settle(ann), pay(clerk)],
    'paid',
  ],
  ['another person with `admin` agrees', [second, server(manager), settle(admin), pay(clerk, 3)], 'waits'],
  [
    'not the same person',
    [token(root, 'p3', 'approve'), second, edit(manager, { limit: null }), settle(t(7))],
    'own_hand',
  ],
  ['not with `audit`', [second, edit(manager, { limit: null }), settle(auditor)], 'role'],
  [
    'not for another account',
    [token(root, 'p4', 'manage:1'), second, edit(manager, { limit: null }), settle(t(7))],
    'role',
  ],
  [
    'it lapses when its key has changed since',
    [second, edit(manager, { limit: null }), edit(admin, { limit: 100 }), settle(ann)],
    'lapsed',
  ],
  [
    'it does not lapse for another key',
    [second, edit(manager, { limit: null }), edit(admin, { name: 1 }), settle(ann)],
    'done',
  ],
  ['narrowing is immediate', [second, edit(manager, { limit: 50 }), pay(clerk)], 'limit'],
  [
    'narrowing is immediate beside what waits',
    [second, edit(manager, { limit: 50, approval: 'none' })],
    'partly_proposed',
  ],
  ['revoking is immediate', [second, revoke(admin, 2), pay(clerk)], 'second_factor'],
  [
    'turning it on needs two who qualify',
    [revoke(root, 0), revoke(root, 1), revoke(root, 5), second],
    'two_needed',
  ],
]

export const glass: Case[] = [
  ['what root loosens waits', [second, edit(root, { approval: 'none' }), hours(23), pay(clerk)], 'waits'],
  ['it acts after 24 hours', [second, edit(root, { approval: 'none' }), hours(24), pay(clerk)], 'paid'],
  [
    'whoever approves can cancel it',
    [second, edit(root, { approval: 'none' }), settle(ann, 0, false), hours(24), pay(clerk)],
    'waits',
  ],
  [
    'an auditor cannot cancel it',
    [second, edit(root, { approval: 'none' }), settle(auditor, 0, false)],
    'role',
  ],
  ['nobody makes it act sooner', [second, edit(root, { approval: 'none' }), settle(ann)], 'glass'],
  ['root itself narrows at once', [second, edit(root, { limit: 50 }), pay(clerk)], 'limit'],
]

export const onePerson: Case[] = [
  ['the owner decides on the drafts of a system', [pay(t(3)), decide(t(1))], 'paid'],
  ['not on their own', [pay(t(2)), decide(t(1))], 'own_hand'],
  [
    'not once there is somebody else',
    [{ do: 'person', by: t(0), grants: [] }, pay(t(3)), decide(t(1))],
    'own_hand',
  ],
  ['not before it is chosen', [{ do: 'one', by: t(0), owner: null }, pay(t(3)), decide(t(1))], 'own_hand'],
]

export const present: Case[] = [
  ['a revoked approver', [pay(clerk), revoke(root, 1), decide(ann)], 'credential'],
  ['a disabled approver', [pay(clerk), person(root, 'disable', 1), decide(ann)], 'credential'],
  ['an approver who lost the role', [pay(clerk), revoke(root, 1), decide(ann)], 'credential'],
  ['a revoked caller', [pay(clerk), revoke(root, 2), decide(ann)], 'changed'],
  ['a disabled caller', [pay(clerk), person(root, 'disable', 2), decide(ann)], 'changed'],
  [
    'a caller who lost the role, though the factor is off by now',
    [pay(clerk), revoke(root, 2), edit(root, { secondFactor: false }), decide(ann)],
    'changed',
  ],
  ['a narrowed server', [pay(clerk), edit(root, { methods: 'read' }), decide(ann)], 'changed'],
  ['a lower limit', [pay(clerk), edit(root, { limit: 50 }), decide(ann)], 'changed'],
  [
    'the second factor, asked for since',
    [pay(nobody, 1), edit(root, { secondFactor: true }, 1), decide(ann)],
    'changed',
  ],
  ['stopped writes', [pay(clerk), switches(auditor, 'stop'), decide(ann)], 'changed'],
  ['a rotated URL', [pay(clerk), rotate(root), decide(ann)], 'changed'],
  ['a deleted server', [pay(clerk), remove(root), decide(ann)], 'gone'],
  [
    'narrowed and put back',
    [pay(clerk), edit(root, { limit: 50 }), edit(root, { limit: 500 }), decide(ann)],
    'paid',
  ],
  ['a draft after three days', [pay(clerk), hours(72), decide(ann)], 'gone'],
  [
    'a system’s token that has ended',
    [{ do: 'token', by: root, holder: 's0', grants: ['use'], hours: 1 }, hours(1), pay(t(7))],
    'second_factor',
  ],
  [
    'somebody disabled signs in with the company’s identity',
    [grants(root, 'grant', 2, 'use'), person(root, 'disable', 2), pay(me(2))],
    'second_factor',
  ],
  ['a sign-in has the roles that were granted here', [grants(root, 'grant', 2, 'use'), pay(me(2))], 'waits'],
  ['a sign-in has nothing of its person’s tokens', [pay(me(2))], 'second_factor'],
  [
    'the bare URL of a disabled holder',
    [server(root, { secondFactor: false, holder: 'p2' }), person(root, 'disable', 2), pay(nobody, 3)],
    'credential',
  ],
  ['a system calls', [pay(bot), decide(ann)], 'paid'],
]
