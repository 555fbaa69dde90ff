/** Which changes of a server let something through that did not pass before. Pure. */

import {
  type Approval,
  effectiveConfig,
  type Limits,
  type ServerConfig,
} from '../../../rules/server-settings.ts'
import { loosenedKeys, loosens, type Reach } from '../../../rules/who/loosens.ts'
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

const isLooser = (before: ServerConfig, after: ServerConfig): boolean => loosens(bare(before), bare(after))

const bare = (config: ServerConfig): Reach => {
  const reach = { config, tools: [], expires_at: null, holder: null }
  return reach
}

/** Whether a default approval asks for less than before. */
export const approvalFell = (before: Approval, after: Approval): boolean =>
  isLooser({ approval: before }, { approval: after })

/** Whether any limit got higher or went away. */
export const limitsRose = (before: Limits, after: Limits): boolean =>
  isLooser({ limits: before }, { limits: after })

/** @returns whether a difference lets more through. @param approval of the account */
export const looserIn = (before: Stored, after: Stored, approval: Approval) => {
  const keys = new Set(loosenedKeys(reachOf(before, approval), reachOf(after, approval)))
  const limit = (of: Stored, part: keyof Limits): ServerConfig => ({
    limits: { [part]: of.config.limits?.[part] },
  })
  return ({ key, part }: Difference): boolean => {
    if (part !== undefined) return isLooser(limit(before, part), limit(after, part))
    return keys.has(key) || (FILTER.has(key) && keys.has('tools'))
  }
}
