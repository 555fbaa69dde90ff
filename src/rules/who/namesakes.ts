/** Whom a name means, where a key is asked for by name. Pure. */

/** A person or system as others read of them. */
export type Called = { id: string; kind: 'person' | 'system'; name: string }

/** `added`: somebody new. `unclear`: why it cannot be told. */
export type Named = { kind: 'known'; id: string } | { kind: 'added' } | { kind: 'unclear'; why: string }

/** As people read a name: letters of another width or case, and spaces, make no other one. */
const read = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

const BY_ID =
  'Send holder, the id of the one who is meant: GET /person lists them. POST /person adds another.'

const unclear = (why: string): Named => ({ kind: 'unclear', why: `${why} ${BY_ID}` })

/**
 * The one person or system of this name. A key for the wrong one would let somebody act as somebody else, and a second person
 * for one human being would be a second pair of eyes: whatever is not clear is asked.
 * @param kind null: nothing was said of it @param usual what it is then
 */
export const whoIsNamed = (
  everybody: readonly Called[],
  { name, kind, usual }: { name: string; kind: Called['kind'] | null; usual: Called['kind'] },
): Named => {
  const alike = everybody.filter((one) => read(one.name) === read(name))
  const [first, ...more] = alike.filter((one) => one.kind === (kind ?? usual))
  const other = alike.find((one) => one.kind !== usual)
  if (kind === null && other)
    return unclear(`There is a ${other.kind} of this name. Send kind, too, or holder.`)
  if (more.length > 0) return unclear(`${more.length + 1} of this kind have this name.`)
  if (!first) return { kind: 'added' }
  return first.name === name
    ? { kind: 'known', id: first.id }
    : unclear(`There is a ${first.kind} called "${first.name}", which reads alike.`)
}
