/** Takes out of a package what is never called, which a bundler cannot know of the methods of a class. */
import { parseSync, Visitor } from 'rolldown/utils'

/**
 * @param library what it is, for the error
 * @param names of methods, of every class of the module, that throw from now on
 * @throws when the module has none of a name
 */
export const emptied = (library: string, code: string, names: ReadonlySet<string>): string => {
  const bodies: { name: string; start: number; end: number }[] = []
  new Visitor({
    MethodDefinition({ key, value: { body } }) {
      if (key.type === 'Identifier' && names.has(key.name) && body)
        bodies.push({ name: key.name, start: body.start, end: body.end })
    },
  }).visit(parseSync('library.js', code).program)
  const missing = [...names].filter((name) => !bodies.some((body) => body.name === name))
  if (missing.length > 0) throw new Error(`The ${library} has no ${missing.join(', ')} any more.`)
  return bodies
    .sort((a, b) => b.start - a.start)
    .reduce((text, { name, start, end }) => {
      const thrown = `{ throw new Error('${name} is not part of this server.') }`
      return `${text.slice(0, start)}${thrown}${text.slice(end)}`
    }, code)
}
