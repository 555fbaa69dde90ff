/**
 * What schemas, tools and routes say of themselves and of their answers is in the JSON Schemas that are built with the Worker and in
 * `assets/openapi.json`. No request needs it once more, so it is left out while a Worker is bundled; each `.describe` and each type of
 * an answer would also cost every start.
 */
import type { Plugin } from 'rolldown'
import { parseSync, Visitor } from 'rolldown/utils'

type Span = { start: number; end: number }

/** By function, what those who call it declare for descriptions alone. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  route: ['says', 'example', 'fails', 'answer', 'media'],
  defineTool: ['output'],
  reads: ['output'],
  writes: ['output'],
}

/** What is said in a module, in the order in which it stands there. */
const spansIn = (id: string, code: string): Span[] => {
  const spans: Span[] = []
  new Visitor({
    CallExpression({ callee, arguments: [...given], end }) {
      if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier')
        if (/^(?:describe|meta)$/.test(callee.property.name) && given.length === 1)
          spans.push({ start: callee.object.end, end })
      const names = callee.type === 'Identifier' ? (DECLARED[callee.name] ?? []) : []
      for (const declared of given)
        if (declared.type === 'ObjectExpression')
          declared.properties.forEach((one, index, all) => {
            if (one.type === 'Property' && one.key.type === 'Identifier' && names.includes(one.key.name))
              spans.push({ start: one.start, end: all[index + 1]?.start ?? one.end })
          })
    },
  }).visit(parseSync(id, code).program)
  return spans.sort((a, b) => a.start - b.start)
}

/** Schemas that are made at the top of a module: nobody misses one that nobody asks for, which the bundler fears of a call. */
const madeAtTop = (id: string, code: string): Span[] =>
  parseSync(id, code).program.body.flatMap((one) => {
    const declared = one.type === 'ExportNamedDeclaration' ? one.declaration : one
    if (declared?.type !== 'VariableDeclaration') return []
    return declared.declarations.flatMap(({ init }) =>
      init?.type === 'CallExpression' &&
      /^(?:[A-Z]\w*|z)\.|^(?:pageAnswer|recordOutput|reported)\(/.test(code.slice(init.start, init.end))
        ? [init]
        : [],
    )
  })

const asPure = (code: string, spans: readonly Span[]): string =>
  spans
    .toReversed()
    .reduce(
      (text, { start, end }) =>
        `${text.slice(0, start)}/* @__PURE__ */ (() => ${text.slice(start, end)})()${text.slice(end)}`,
      code,
    )

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
    filter: { id: /\/(?:src|schemas)\/[^?]+\.tsx?$/, code: /\bz\.|\b(?:route|defineTool)\(/ },
    handler(code, id) {
      const less = without(code, spansIn(id, code))
      return asPure(less, madeAtTop(id, less))
    },
  },
}
