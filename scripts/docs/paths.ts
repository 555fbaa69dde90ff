/** Paths that documents name: a file that moved must not leave its old place in a text. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const DOCUMENTS = ['*.md', 'docs/**/*.md', 'bench/*.md', 'sandbox/*.md', '.github/**/*.md']

/** Code spans that begin with a folder of this repository, without a call, a placeholder or a pattern in them. */
const SPAN = /`((?:src|schemas|test|scripts|sandbox|bench|docs)\/[\w./-]*)`/g
/** Code spans that name a source file by a part of its path: `size.ts`, `composites/index.ts`. */
const SOURCE = /`([\w.-]+(?:\/[\w.-]+)*\.tsx?)`/g
const SOURCES = '{src,schemas,test,scripts,sandbox,bench}/**/*.{ts,tsx}'
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g

const named = (document: string, text: string): string[] => {
  const spans = [...text.matchAll(SPAN)].map(([, path]) => path!)
  const links = [...text.matchAll(LINK)]
    .map(([, path]) => path!)
    .filter((path) => !/^[a-z]+:/.test(path))
    .map((path) => join(dirname(document), path))
  return [...spans, ...links]
}

/** A part of a path means every source file whose path ends in it. */
const unknownSources = (text: string, sources: readonly string[]): string[] =>
  [...text.matchAll(SOURCE)]
    .map(([, path]) => path!)
    .filter((path) => !sources.some((source) => `/${source}`.endsWith(`/${path}`)))

const ANCHOR = /\]\(([^)#\s]*)#([^)]+)\)/g

/** As GitHub makes them of headings. */
const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )

/** Links to headings that are not there; a file that is missing is named as such. */
const unknownAnchors = (root: string, document: string, text: string): string[] =>
  [...text.matchAll(ANCHOR)].flatMap(([, path, anchor]) => {
    if (/^[a-z]+:/.test(path!)) return []
    const target = path === '' ? document : join(dirname(document), path!)
    const file = join(root, target)
    if (path !== '' && !existsSync(file)) return []
    const found = anchorsIn(path === '' ? text : readFileSync(file, 'utf8'))
    return found.includes(anchor!) ? [] : `${target}#${anchor}`
  })

/** Paths and headings that a document names and that do not exist. @param root of the repository */
export const missingPaths = (root: string, document: string, text: string): string[] =>
  [
    ...new Set([
      ...named(document, text).filter((path) => !existsSync(join(root, path))),
      ...unknownAnchors(root, document, text),
      ...unknownSources(text, globSync(SOURCES, { cwd: root })),
    ]),
  ].map((path) => `${document}: ${path}`)

/** All such paths, in every document. */
export const allMissingPaths = (root: string): string[] =>
  globSync(DOCUMENTS, { cwd: root })
    .sort()
    .flatMap((document) => missingPaths(root, document, readFileSync(join(root, document), 'utf8')))
