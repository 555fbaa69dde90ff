/** Design, section 10: who may decide on a draft. */
import { describe, expect, test } from 'vitest'
import { type Decider, decisionProblem, type Hands, type Setting } from '../../src/rules/who/four-eyes.ts'

const DRAFTED = 1_800_000_000_000
const ann: Decider = {
  kind: 'person',
  ids: ['ann', 'token-of-ann'],
  issuers: [],
  name: 'Ann',
  approvesSince: DRAFTED - 1,
}
const hands = (more: Partial<Hands> = {}): Hands => ({
  ...{ caller: { id: 'bob', kind: 'person' }, callerIssuers: ['root'], holders: [], editors: ['carl'] },
  payeeChangers: [],
  ...more,
})
const open: Setting = { secondPersonForSettings: false, onePerson: null }
const problem = (own: Hands, who: Partial<Decider> = {}, setting: Partial<Setting> = {}) =>
  decisionProblem(own, DRAFTED, { ...ann, ...who }, { ...open, ...setting })

test('somebody whose hands are not in it, who approved before it was made, may decide', () => {
  expect(problem(hands())).toBeNull()
})

describe('nobody with a hand in it', () => {
  test.each<[string, Partial<Hands>, RegExp]>([
    ['the caller', { caller: { id: 'ann', kind: 'person' } }, /made a draft/],
    [
      'the caller, recorded by an API token of 0.1.0',
      { caller: { id: 'token-of-ann', kind: 'person' } },
      /made a draft/,
    ],
    ['the holder of the server', { holders: ['ann'] }, /works through/],
    ['its creator', { editors: ['ann', 'carl'] }, /created, rotated/],
    [
      'its last editor, recorded by a token of 0.1.0',
      { editors: ['carl', 'token-of-ann'] },
      /created, rotated/,
    ],
    ["who issued the caller's token", { callerIssuers: ['ann'] }, /issued/],
    ['who changed the payee', { payeeChangers: ['zoe', 'ann'] }, /changed this payee/],
  ])('%s', (_, own, why) => expect(problem(hands(own))).toMatch(why))
})

test.each<[string, Partial<Decider>, RegExp]>([
  ['root', { kind: 'root' }, /Only a person/],
  ['a system', { kind: 'system' }, /Only a person/],
  ['a person without the role', { approvesSince: null }, /needs the role/],
  ['a role as old as the draft', { approvesSince: DRAFTED }, /older than the draft/],
  ['a role younger than the draft', { approvesSince: DRAFTED + 1 }, /older than the draft/],
])('not %s', (_, who, why) => expect(problem(hands(), who)).toMatch(why))

test('who issued the key that decides has seen it, so their hands count as well', () => {
  expect(problem(hands({ editors: ['dora'] }), { issuers: ['carl', 'dora'] })).toMatch(
    /created, rotated.*whoever issued your API token/,
  )
  expect(problem(hands({ editors: ['ann'] }), { issuers: ['dora'] })).not.toMatch(/whoever issued your/)
  expect(problem(hands(), { issuers: ['dora'] })).toBeNull()
})

test('a caller whom nobody knows is no bar until settings need a second person', () => {
  expect(problem(hands({ caller: null }))).toBeNull()
  expect(problem(hands({ caller: null }), {}, { secondPersonForSettings: true })).toMatch(
    /Nobody knows who called/,
  )
})

describe('one person', () => {
  const alone = { onePerson: 'ann' }
  const robot = hands({
    caller: { id: 'robot', kind: 'system' },
    keyed: true,
    callerIssuers: ['ann'],
    editors: ['ann'],
  })

  test('the owner decides on the drafts of a system, though they set it up', () => {
    expect(problem(robot, {}, alone)).toBeNull()
    expect(problem(robot)).toMatch(/created, rotated/)
  })

  test.each<[string, Hands]>([
    ['their own', hands({ caller: { id: 'ann', kind: 'person' }, editors: ['ann'] })],
    ['those of another person whose server they made', hands({ editors: ['ann'] })],
    ['those of a system whose server they work through', { ...robot, holders: ['ann'] }],
    // Sibling 27 of the second reading: the owner knows the bare URL of the server that the system holds.
    ['those that came by the URL alone', { ...robot, keyed: false }],
    ['those of whom nobody knows', { ...robot, caller: null }],
  ])('not on %s', (_, own) => expect(problem(own, {}, alone)).not.toBeNull())

  test('nor does somebody else become the owner', () => {
    expect(problem(robot, { ids: ['zoe'] }, { onePerson: 'ann' })).toBeNull()
    expect(problem(robot, {}, { onePerson: 'zoe' })).toMatch(/created, rotated/)
  })
})
