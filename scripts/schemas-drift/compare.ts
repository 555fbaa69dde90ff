/** The comparison itself: pure, two descriptions in, differences out. */
import { type Description, type Facts, type Fields, type Operation, PARTS, single } from './description.ts'

/** `added`: Finexio has it and we do not. `removed`: we have it and Finexio does not. */
export type Difference = {
  kind: 'added' | 'removed' | 'changed'
  route: string
  /** What differs: `body contacts[].email maxLength`; empty for a whole route. */
  at: string
  theirs: string
  ours: string
}

const NONE = 'none'
const ASPECTS = ['type', 'shape', 'enum', 'required', 'maxLength', 'minimum', 'maximum'] as const

/** No parameters and an empty list of parameters are the same. */
const ABSENT: Operation = { query: single('object') }

const keysOf = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>) => [
  ...new Set([...a.keys(), ...b.keys()]),
]

const kindOf = (theirs: unknown, ours: unknown): Difference['kind'] =>
  ours === undefined ? 'added' : theirs === undefined ? 'removed' : 'changed'

const printed = (facts: Facts | undefined) =>
  facts ? ASPECTS.flatMap((aspect) => (facts[aspect] ? [`${aspect} ${facts[aspect]}`] : [])).join(', ') : NONE

const compareFacts = (route: string, at: string, theirs: Facts, ours: Facts): Difference[] =>
  ASPECTS.filter((aspect) => theirs[aspect] !== ours[aspect]).map((aspect) => ({
    kind: 'changed',
    route,
    at: `${at} ${aspect}`,
    theirs: theirs[aspect] ?? NONE,
    ours: ours[aspect] ?? NONE,
  }))

const compareFields = (route: string, part: string, theirs: Fields, ours: Fields): Difference[] =>
  keysOf(theirs, ours).flatMap((path): Difference[] => {
    const [a, b, at] = [theirs.get(path), ours.get(path), `${part} ${path}`]
    if (a && b) return compareFacts(route, at, a, b)
    return [{ kind: kindOf(a, b), route, at, theirs: printed(a), ours: printed(b) }]
  })

const compareOperations = (route: string, theirs: Operation, ours: Operation): Difference[] =>
  PARTS.flatMap((part): Difference[] => {
    const [a, b] = [theirs[part] ?? ABSENT[part], ours[part] ?? ABSENT[part]]
    if (a && b) return compareFields(route, part, a, b)
    if (!a && !b) return []
    const whole = (fields: Fields | undefined) => (fields ? printed(fields.get('$')) : NONE)
    return [{ kind: kindOf(a, b), route, at: part, theirs: whole(a), ours: whole(b) }]
  })

/** Everything in which two descriptions differ. Formats, patterns, defaults and placeholder names are not compared. */
export const compareDescriptions = (theirs: Description, ours: Description): Difference[] =>
  keysOf(theirs, ours).flatMap((route): Difference[] => {
    const [a, b] = [theirs.get(route), ours.get(route)]
    if (a && b) return compareOperations(route, a, b)
    return [{ kind: kindOf(a, b), route, at: '', theirs: a ? 'present' : NONE, ours: b ? 'present' : NONE }]
  })

/** A difference that we know and want, on all routes named. The values are part of it: another value is a new difference. */
export type Accepted = { routes: readonly string[]; at: string; theirs: string; ours: string; reason: string }

const keyOf = ({ route, at, theirs, ours }: Omit<Difference, 'kind'>) =>
  JSON.stringify([route, at, theirs, ours])

const keysOfAccepted = ({ routes, ...rest }: Accepted) => routes.map((route) => keyOf({ route, ...rest }))

export type Verdict = {
  news: Difference[]
  known: Difference[]
  /** Accepted differences that no longer occur, wholly or on the route named. */
  stale: { route: string; accepted: Accepted }[]
}

/** Divides differences into news and known ones, and names acceptances that have become pointless. */
export const judge = (differences: readonly Difference[], accepted: readonly Accepted[]): Verdict => {
  const wanted = new Set(accepted.flatMap(keysOfAccepted))
  const seen = new Set(differences.map(keyOf))
  return {
    news: differences.filter((difference) => !wanted.has(keyOf(difference))),
    known: differences.filter((difference) => wanted.has(keyOf(difference))),
    stale: accepted.flatMap((entry) =>
      entry.routes
        .filter((route) => !seen.has(keyOf({ ...entry, route })))
        .map((route) => ({ route, accepted: entry })),
    ),
  }
}
