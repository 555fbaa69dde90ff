/** The files that are measured: what a person wrote in `src` and `schemas`. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FOLDERS = ['src', 'schemas']
const SOURCE = /\.(tsx?|css)$/
/** Generated. */
const BUILT = /(^|\/)built\.ts$/

export type File = { path: string; text: string }

const walk = (repo: string, folder: string): string[] =>
  readdirSync(join(repo, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(repo, path) : [path]
  })

/** In the order of their paths, which are from the top of the repository. */
export const readFiles = (repo: string): File[] =>
  FOLDERS.flatMap((folder) => walk(repo, folder))
    .filter((path) => SOURCE.test(path) && !BUILT.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(repo, path), 'utf8') }))

export const isScript = ({ path }: File): boolean => !path.endsWith('.css')

export type Folder = { path: string; files: number }

/** By the files directly in them, largest first. */
export const foldersOf = (paths: readonly string[]): Folder[] =>
  [...Map.groupBy(paths, dirname)]
    .map(([path, inside]) => ({ path, files: inside.length }))
    .sort((a, b) => b.files - a.files)
