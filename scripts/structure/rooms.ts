/** Which room may import which: the only place that says so. A room is a folder directly in `src`, or `schemas`. */

/** What lies directly in `src` wires the rooms together. */
export const INDEX = 'index'

/** Each room with those right below it; what these may import, it may import too. */
export const BELOW: Readonly<Record<string, readonly string[]>> = {
  index: ['dashboard', 'api', 'oauth', 'mcp'],
  dashboard: ['api', 'identity'],
  api: ['tools', 'identity'],
  oauth: ['identity', 'mcp', 'tools'],
  mcp: ['tools'],
  tools: ['account', 'finexio'],
  identity: ['account'],
  account: ['rules', 'finexio'],
  rules: ['core'],
  finexio: ['schemas', 'core'],
  schemas: ['core'],
  core: [],
}

/** Any room but `core` may use these, wherever it is. */
const FOR_ALL: readonly string[] = ['schemas', 'core']

export const isKnown = (room: string): boolean => Object.hasOwn(BELOW, room)

const reach = (room: string, found: Set<string>): Set<string> => {
  for (const below of BELOW[room] ?? [])
    if (!found.has(below)) {
      found.add(below)
      reach(below, found)
    }
  return found
}

/** All rooms that a room may import, itself left out. */
export const importable = (room: string): Set<string> => {
  const found = reach(room, new Set(room === 'core' ? [] : FOR_ALL))
  found.delete(room)
  return found
}

/** @param path of a file, from the top of the repository */
export const roomOf = (path: string): string => {
  const [top, folder, ...rest] = path.split('/')
  if (top !== 'src') return top!
  return rest.length === 0 ? INDEX : folder!
}
