/** What `npm start` remembers in its data folder between starts, in files that only their owner can read. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { asObject, jsonIn } from '../../src/core/json.ts'

/**
 * What a file remembers; null where there is none.
 * @param needed members that every version wrote
 * @throws where it cannot be read: making a second demo would leave the first behind
 */
export const readKept = <Kept extends object>(
  path: string,
  needed: readonly (keyof Kept & string)[],
): Kept | null => {
  if (!existsSync(path)) return null
  const kept = asObject(jsonIn(readFileSync(path, 'utf8')))
  if (kept !== null && needed.every((name) => name in kept)) return kept as Kept
  throw new Error(
    `${path} cannot be read: an earlier npm start may have been cut off. Remove it, and the next start makes a new demo.`,
  )
}

/** In one step, so that a start that is killed leaves the old file or the new one. */
export const writeKept = (path: string, kept: unknown): void => {
  writeFileSync(`${path}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
