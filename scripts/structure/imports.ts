/** Lists what a file imports: values, types, re-exports, `import()` and `import('…')` types alike. */
import { posix } from 'node:path'
import * as is from 'typescript/unstable/ast'
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import { collect } from './parse.ts'

/** `inType`: spelled as an `import('…')` type, which linters do not follow. */
export type Import = { specifier: string; inType: boolean }

const writtenIn = (node: Node): Node | undefined => {
  if (is.isImportDeclaration(node) || is.isExportDeclaration(node)) return node.moduleSpecifier
  if (is.isImportTypeNode(node))
    return is.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (is.isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return node.arguments[0]
  return undefined
}

export const importsOf = (source: SourceFile): Import[] =>
  collect(source, (node) => {
    const specifier = writtenIn(node)
    if (!specifier || !is.isStringLiteralLikeNode(specifier)) return undefined
    return { specifier: specifier.text, inType: is.isImportTypeNode(node) }
  })

const ENDINGS = ['', '.ts', '.tsx', '/index.ts']

/** The measured file that a specifier means; undefined for packages and whatever is not measured. */
export const resolve = (from: string, specifier: string, known: ReadonlySet<string>): string | undefined => {
  if (!specifier.startsWith('.')) return undefined
  const plain = posix.join(posix.dirname(from), specifier)
  return ENDINGS.map((ending) => plain + ending).find((path) => known.has(path))
}
