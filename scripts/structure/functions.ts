/** Functions of a file, with their lengths; one that only gives another one, `(a) => (b) => …`, is one with it. */

import type { Node, SourceFile } from 'typescript/unstable/ast'
import * as is from 'typescript/unstable/ast'
import { collect } from './parse.ts'

/** `line` is where it begins; `lines` counts those of functions inside as well. */
export type Length = { line: number; lines: number }

const isFunction = (node: Node): boolean =>
  is.isArrowFunction(node) ||
  is.isFunctionExpression(node) ||
  is.isFunctionDeclaration(node) ||
  is.isMethodDeclaration(node) ||
  is.isConstructorDeclaration(node) ||
  is.isGetAccessorDeclaration(node) ||
  is.isSetAccessorDeclaration(node)

const isRestOfAnother = (node: Node): boolean => is.isArrowFunction(node.parent) && node.parent.body === node

export const functionsOf = (source: SourceFile): Length[] => {
  const lineOf = (at: number) => source.getLineAndCharacterOfPosition(at).line + 1
  return collect(source, (node) => {
    if (!isFunction(node) || isRestOfAnother(node)) return undefined
    const line = lineOf(node.getStart(source))
    return { line, lines: lineOf(node.end) - line + 1 }
  })
}

/** `block`: in braces; otherwise the one expression that an arrow function gives. */
export type Body = { start: number; end: number; block: boolean }

/** The body of every function that has one. */
export const bodiesOf = (source: SourceFile): Body[] =>
  collect(source, (node) => {
    const body = isFunction(node) ? (node as is.FunctionLikeDeclaration).body : undefined
    return body && { start: body.getStart(source), end: body.end, block: is.isBlock(body) }
  })
