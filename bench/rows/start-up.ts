/** From the start of the process to the first answer. */

import { median } from '../stats.ts'
import type { Target } from '../targets/targets.ts'
import { startWorkerd } from '../targets/workerd.ts'
import { checkAnswer } from './check.ts'

const once = async ({ name, config, path }: Target, tools: number): Promise<number> => {
  const begun = performance.now()
  const workerd = await startWorkerd(config)
  try {
    await checkAnswer({ name, url: workerd.url + path }, { work: 'tools/list', era: 'modern' }, tools)
    return performance.now() - begun
  } finally {
    await workerd.stop()
  }
}

/**
 * Milliseconds until the first `tools/list` is answered: median of interleaved starts, by target.
 * The first start of each fills the page cache and is not counted.
 */
export const startUps = async (
  targets: readonly Target[],
  tools: number,
  times: number,
): Promise<Record<string, number>> => {
  const taken = targets.map((): number[] => [])
  for (let round = 0; round <= times; round++)
    for (const [index, target] of targets.entries()) {
      const milliseconds = await once(target, tools)
      if (round > 0) taken[index]!.push(milliseconds)
    }
  return Object.fromEntries(targets.map(({ name }, index) => [name, median(taken[index]!)]))
}
