/** Lines that hold code: neither blank nor comment only. */
import { type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import { collect } from './parse.ts'

/** Where two slashes begin no comment. */
const TEXTS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
  SyntaxKind.JsxText,
])

/** The text with every literal written over, so that whatever looks like a comment is one. */
const withoutLiterals = (source: SourceFile): string => {
  const literals = collect(source, (node) => (TEXTS.has(node.kind) ? node : undefined))
  let at = 0
  let text = ''
  for (const node of literals) {
    const start = node.getStart(source)
    text += source.text.slice(at, start) + source.text.slice(start, node.end).replace(/\S/g, 'x')
    at = node.end
  }
  return text + source.text.slice(at)
}

const written = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length

export const codeLinesOf = (source: SourceFile): number =>
  written(
    withoutLiterals(source).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/./g, ' ')),
  )

export const codeLinesOfStyles = (text: string): number => written(text.replace(/\/\*[\s\S]*?\*\//g, ''))
