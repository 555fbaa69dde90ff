/**
 * The Worker of a checkout in which every function says that it was executed. V8 counts executions itself, but workerd
 * keeps `Profiler.enable` from it (github.com/cloudflare/workerd/issues/2065), so the marks are set before bundling.
 */
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import type { SourceFile } from 'typescript/unstable/ast'
import { bundled, written } from '../local/bundle.ts'
import { isScript, readFiles } from './files.ts'
import { bodiesOf } from './functions.ts'
import { parseAll } from './parse.ts'

/** Answers the paths of the files with a function that was executed since it was asked last. */
export const RAN_PATH = '/__ran'

const ENTRY = (main: string) => `
import worker from ${JSON.stringify(main)}
export * from ${JSON.stringify(main)}
export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname !== '${RAN_PATH}') return worker.fetch(request, env, context)
    const files = [...globalThis.executed]
    globalThis.executed.clear()
    return Response.json(files)
  },
}`

const PREPARED = `globalThis.executed = new Set(); const __ran = (file) => { globalThis.executed.add(file) };`

/** For a checkout without packages of its own. */
const PACKAGES = join(import.meta.dirname, '../../node_modules')

type Insertion = { at: number; text: string }

/** The text of a file with a mark at the start of each function. */
export const marked = (path: string, source: SourceFile): string => {
  const mark = `__ran(${JSON.stringify(path)})`
  const insertions = bodiesOf(source).flatMap(({ start, end, block }): Insertion[] =>
    block
      ? [{ at: start + 1, text: `${mark};` }]
      : [
          { at: start, text: `(${mark}, ` },
          { at: end, text: ')' },
        ],
  )
  let text = source.text
  for (const insertion of insertions.sort((a, b) => b.at - a.at))
    text = text.slice(0, insertion.at) + insertion.text + text.slice(insertion.at)
  return text
}

const marks = (repo: string): Plugin => {
  const paths = readFiles(repo)
    .filter(isScript)
    .map(({ path }) => path)
  const texts = new Map(
    parseAll(repo, paths, (path, source) => [join(repo, path), marked(path, source)] as const),
  )
  return {
    name: 'marks',
    load: {
      filter: { id: /\.tsx?$/ },
      handler: (path) => {
        const code = texts.get(path)
        return code === undefined ? null : { code, moduleType: path.endsWith('x') ? 'tsx' : 'ts' }
      },
    },
  }
}

/** @param main absolute path of the Worker's main module */
export const bundleMarked = (repo: string, main: string, define: Record<string, string>): Promise<string> =>
  bundled({
    define,
    packages: [PACKAGES],
    banner: PREPARED,
    plugins: [written(ENTRY(main)), marks(repo)],
  })
