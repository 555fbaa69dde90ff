/** What a server lets through, for the comparison of two states of it. */
import type { Effect } from '../../../schemas/define.ts'
import { visible } from '../../rules/filter.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import type { Reach } from '../../rules/who/loosens.ts'
import { catalogue } from '../catalogue.ts'
import type { Tool } from '../tool.ts'
import { narrowedBy } from './as-served.ts'

/** Tools that follow what waits for a person appear with a stricter rule, and let nothing through. */
const whenever = catalogue.map(({ when: _, ...tool }) => tool as Tool)

const shownBy = (config: ServerConfig): Tool[] =>
  narrowedBy(config.fixed, visible(config, whenever), catalogue)

/** @param config as it applies, with what it leaves to the account filled in */
export const reachOf = (config: ServerConfig, rest: Pick<Reach, 'expires_at' | 'holder'>): Reach => ({
  config,
  tools: shownBy(config).map(({ name }) => name),
  ...rest,
})

/** What the tools of a server do, from harmless to dangerous. @param config as it applies */
export const effectsOf = (config: ServerConfig): Effect[] => {
  const effects = new Set(shownBy(config).map(({ effect }) => effect))
  return (['read', 'write', 'money'] as const).filter((effect) => effects.has(effect))
}

/** Whether a server has any tool that changes something at Finexio, by whatever name it was let in. */
export const mayWrite = (config: ServerConfig): boolean =>
  shownBy(config).some(({ effect }) => effect !== 'read')
