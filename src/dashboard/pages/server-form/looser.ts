/** Which changes of a server let something through that did not pass before. Pure. */
import { type Approval, effectiveConfig, type Limits } from '../../../rules/server-settings.ts'
import { limitsRose, loosenedKeys, type Reach } from '../../../rules/who/loosens.ts'
import { toolPreview } from '../../../tools/visible/preview.ts'
import type { Stored } from './change.ts'
import type { Difference } from './words.ts'

/** What it lets through. @param approval of its account */
const reachOf = ({ config, expires_at, holder }: Stored, approval: Approval): Reach => {
  const effective = effectiveConfig(config, { approval })
  const reach = {
    config: effective,
    tools: toolPreview.toolsOf(effective).map(({ name }) => name),
    expires_at: expires_at === null ? null : Date.parse(expires_at),
    holder,
  }
  return reach
}

/** What decides which tools there are: if there are more, all of these that changed are to blame. */
const FILTER: ReadonlySet<string> = new Set(['methods', 'tags', 'tools', 'fixed'])

/** @returns whether a difference lets more through. @param approval of the account */
export const looserIn = (before: Stored, after: Stored, approval: Approval) => {
  const keys = new Set(loosenedKeys(reachOf(before, approval), reachOf(after, approval)))
  const limit = (of: Stored, part: keyof Limits): Limits => ({ [part]: of.config.limits?.[part] })
  return ({ key, part }: Difference): boolean => {
    if (part !== undefined) return limitsRose(limit(before, part), limit(after, part))
    return keys.has(key) || (FILTER.has(key) && keys.has('tools'))
  }
}
