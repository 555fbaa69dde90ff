/**
 * What schemas and routes say of themselves is in the JSON Schemas that are built with the Worker and in `assets/openapi.json`. No
 * request needs it once more, so it is left out while a Worker is bundled; each `.describe` would also cost every start a copy.
 */
import type { Plugin } from 'rolldown'
import { parseSync, Visitor } from 'rolldown/utils'

type Span = { start: number; end: number }

/** What a route declares for its description alone. */
const OF_ROUTES: ReadonlySet<string> = new Set(['says', 'example', 'fails'])

/** What is said in a module, in the order in which it stands there. */
const spansIn = (id: string, code: string): Span[] => {
  const spans: Span[] = []
  new Visitor({
    CallExpression({ callee, arguments: [...given], end }) {
      if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier')
        if (/^(?:describe|meta)$/.test(callee.property.name) && given.length === 1)
          spans.push({ start: callee.object.end, end })
      const declared = given[3]
      if (callee.type !== 'Identifier' || callee.name !== 'route' || declared?.type !== 'ObjectExpression')
        return
      declared.properties.forEach((one, index, all) => {
        if (one.type === 'Property' && one.key.type === 'Identifier' && OF_ROUTES.has(one.key.name))
          spans.push({ start: one.start, end: all[index + 1]?.start ?? one.end })
      })
    },
  }).visit(parseSync(id, code).program)
  return spans.sort((a, b) => a.start - b.start)
}

const without = (code: string, spans: readonly Span[]): string => {
  let [kept, at] = ['', 0]
  for (const { start, end } of spans) {
    // One inside another went with it.
    if (start < at) continue
    kept += code.slice(at, start)
    at = end
  }
  return kept + code.slice(at)
}

export const lessWords: Plugin = {
  name: 'less-words',
  transform: {
    filter: { id: /\/(?:src|schemas)\/[^?]+\.tsx?$/, code: /\.describe\(|\.meta\(|\broute\(/ },
    handler: (code, id) => without(code, spansIn(id, code)),
  },
}
