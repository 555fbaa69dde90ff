/** People and systems, as those who may be named somewhere. */
import type { C } from '../app-type.ts'
import { Refused } from '../refused.ts'
import type { Listed, Person } from '../shapes.ts'

export type Principal = Pick<Person, 'id' | 'name' | 'kind'>

const PER_PAGE = '100'
const MOST_PAGES = 10

const pageFrom = (c: C, from: string | undefined) =>
  c.get('api').get<Listed<Person>>(['person'], { limit: PER_PAGE, next_cursor: from })

/** All that there are, at most a thousand. @throws Refused */
const listed = async (c: C): Promise<Person[]> => {
  const people: Person[] = []
  let from: string | undefined
  for (let read = 0; read < MOST_PAGES; read += 1) {
    const { result, next_cursor } = await pageFrom(c, from)
    people.push(...result)
    if (next_cursor === null) break
    from = next_cursor
  }
  return people
}

const selfOf = (c: C): Principal[] => {
  const { actor } = c.get('session')
  return actor.kind === 'person' || actor.kind === 'system'
    ? [{ id: actor.id, name: actor.name, kind: actor.kind }]
    : []
}

/**
 * Whom somebody can name: those who are not disabled; for whoever may not list people, only themselves.
 * @param present who is named already, kept whoever they are
 */
export const principalsFor = async (c: C, present: Principal | undefined): Promise<Principal[]> => {
  const known = await listed(c).then(
    (people) => people.filter(({ disabled }) => !disabled),
    (error) => {
      if (error instanceof Refused && error.status === 403) return selfOf(c)
      throw error
    },
  )
  const others = known.filter(({ id }) => id !== present?.id)
  return present ? [present, ...others] : others
}

/** Somebody by name, as an answer of the API knows it. */
export const nameIn = (names: Record<string, string> | undefined, id: string): string =>
  names?.[id] ?? `somebody who was removed (${id})`
