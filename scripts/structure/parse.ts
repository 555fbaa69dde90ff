/**
 * TypeScript files as TypeScript itself reads them. Version 7 has no parser inside Node: its own process is asked, over
 * the API that the package calls unstable; the version is pinned, and the tests of this folder notice a change.
 */
import { join } from 'node:path'
import type { Node, SourceFile } from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'

const OPTIONS = { noLib: true, noResolve: true, types: [], jsx: 'preserve', noEmit: true }

/** A project that exists only for this reading: just these files, whatever the repository's own projects leave out. */
const openProject = (repo: string, files: readonly string[]) => {
  const config = join(repo, 'tsconfig.structure.json')
  const text = JSON.stringify({ compilerOptions: OPTIONS, files })
  const api = new API({
    cwd: repo,
    fs: {
      readFile: (path) => (path === config ? text : undefined),
      fileExists: (path) => (path === config ? true : undefined),
    },
  })
  const { program } = api.updateSnapshot({ openProjects: [config] }).getProject(config)!
  return { program, close: () => api.close() }
}

/** @param paths from the top of the repository */
export const parseAll = <Read>(
  repo: string,
  paths: readonly string[],
  read: (path: string, source: SourceFile) => Read,
): Read[] => {
  const { program, close } = openProject(repo, paths)
  try {
    return paths.map((path) => read(path, program.getSourceFile(join(repo, path))!))
  } finally {
    close()
  }
}

/** All nodes of a file in which `pick` finds something. */
export const collect = <Found>(source: SourceFile, pick: (node: Node) => Found | undefined): Found[] => {
  const found: Found[] = []
  const visit = (node: Node): void => {
    const picked = pick(node)
    if (picked !== undefined) found.push(picked)
    node.forEachChild(visit)
  }
  visit(source)
  return found
}
