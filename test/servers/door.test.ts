/** A stored `confirm` beside `always` acts as `dashboard` (A11). */
import { expect, test } from 'vitest'
import { rulesOf } from '../../src/dashboard/pages/server-form/words.ts'
import { effectiveConfig, type ServerConfig } from '../../src/rules/server-settings.ts'

const over = { over_cents: 100 }

test.each<[ServerConfig['approval'], 'none' | 'always' | typeof over, string | undefined]>([
  ['always', 'none', 'dashboard'],
  [undefined, 'always', 'dashboard'],
  ['always', over, 'dashboard'],
  [over, 'always', 'confirm'],
  ['none', 'always', 'confirm'],
  [undefined, over, 'confirm'],
  [undefined, 'none', 'confirm'],
])('approval %j under the default %j: the door is %s', (approval, fallback, door) => {
  const config: ServerConfig = { approval_door: 'confirm', ...(approval && { approval }) }
  expect(effectiveConfig(config, { approval: fallback }).approval_door).toBe(door)
})

test('nothing is added where no door is set, and the page of a server says what a form is good for', () => {
  expect(effectiveConfig({ approval: 'always' }, { approval: 'none' })).toEqual({ approval: 'always' })
  expect(rulesOf({ approval_door: 'confirm' })).toEqual([
    ['Confirmation', expect.stringMatching(/guards against slips, not against the agent/)],
  ])
})
