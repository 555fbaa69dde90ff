/** What whoever decides a second time is told: whether it may be made anew, by each end that a draft or a change of settings can have. */
import { expect, test } from 'vitest'
import { endedSettingsWords, endedWords } from '../../src/rules/sentences/ended.ts'
import type { Kept, WriteState } from '../../src/rules/write-contract.ts'

const AT = Date.parse('2026-12-01T02:07:31Z')

const draft = (
  state: 'executed' | 'rejected' | 'expired' | 'canceled',
  outcome: WriteState | null = null,
  kept: Kept | null = null,
) => ({
  ...{
    id: 'd',
    key: 'k-1',
    state,
    created_at: AT,
    decidedAt: AT,
    deciderName: 'Ann',
    decisionReason: 'checked',
  },
  outcome: outcome && { state: outcome, kept },
})

const ANEW = /have it made anew/

test.each<[string, Parameters<typeof endedWords>[0], RegExp]>([
  [
    'accepted',
    draft('executed', 'succeeded'),
    /by Ann \(reason: “checked”\), and Finexio accepted it\. .*sent nothing more\. Do not have it made again\.$/,
  ],
  ['under way', draft('executed', 'claimed'), /is under way.*Do not have it made again\.$/],
  [
    'unknown',
    draft('executed', 'unknown'),
    /may have been carried out.*Look it up first.*k-1.*do not have it made again before/,
  ],
  [
    'carried out in part',
    draft('executed', 'succeeded', { incomplete: true }),
    /a part of it.*Look it up first/,
  ],
  [
    'refused, perhaps not all of it',
    draft('executed', 'rejected', { partial: true }),
    /may have stored a part.*Look it up first/,
  ],
])('%s: it is not to be made again', (_, ended, words) => {
  for (const again of ['approve', 'reject', 'cancel'] as const)
    expect(endedWords(ended, again)).not.toMatch(ANEW)
  expect(endedWords(ended, 'approve')).toMatch(words)
})

// Seen on 2026-12-01: "Finexio refused it" of what a look had not found, or a person had concluded.
test.each<[string, Kept, WriteState, RegExp]>([
  ['a look', { resolved: true }, 'rejected', /a look at Finexio did not find it.* have it made anew\.$/],
  ['a person', { settled_by: 'Bob' }, 'rejected', /a person concluded that it was not carried out.*anew\.$/],
  ['a look', { resolved: true }, 'succeeded', /it was found at Finexio.*Do not have it made again\.$/],
  ['a person', { settled_by: 'Bob' }, 'succeeded', /concluded that it was carried out\..*not have it made/],
])('what %s told was not Finexio’s answer: %j %s', (_, kept, state, words) => {
  const said = endedWords(draft('executed', state, kept), 'approve')
  expect(said).toMatch(words)
  expect(said).not.toMatch(/refused|accepted/)
})

test.each<[string, Parameters<typeof endedWords>[0]]>([
  ['refused by Finexio', draft('executed', 'rejected')],
  ['not sent', draft('executed', 'not_sent')],
  ['rejected', draft('rejected')],
  ['expired', draft('expired')],
  ['canceled', draft('canceled')],
])('%s: it was not carried out, and may be made anew', (_, ended) => {
  expect(endedWords(ended, 'approve')).toMatch(
    /it was not carried out.*If it is still wanted, have it made anew\.$/,
  )
})

const change = { id: 's', decided_at: AT, decided_by: 'p', decider_name: 'Ann', reason: 'as discussed' }

test('a change of settings that was decided says whether it took effect', () => {
  expect(endedSettingsWords({ ...change, state: 'agreed' })).toMatch(
    /^Change s was agreed to at 2026-12-01T02:07Z by Ann \(reason: “as discussed”\), and has taken effect/,
  )
  const alone = { ...change, state: 'agreed', decided_by: null, decider_name: null } as const
  expect(endedSettingsWords(alone)).toMatch(/acted by itself at/)
  for (const state of ['rejected', 'lapsed', 'expired', 'canceled'] as const)
    expect(endedSettingsWords({ ...change, state })).toMatch(/did not take effect.*asks anew/)
})
