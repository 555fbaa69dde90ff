/** All that is measured without running anything. */
import { quantile } from '../../bench/stats.ts'
import { type Arrow, judge, type RoomArrow, roomArrows } from './arrows.ts'
import { codeLinesOf, codeLinesOfStyles } from './code-lines.ts'
import { cyclesOf, graphOf } from './cycles.ts'
import { type File, type Folder, foldersOf, isScript, readFiles } from './files.ts'
import { functionsOf, type Length } from './functions.ts'
import { type Import, importsOf, resolve } from './imports.ts'
import { parseAll } from './parse.ts'
import { INDEX, roomOf } from './rooms.ts'

export type Measured = {
  path: string
  lines: number
  code: number
  functions: readonly Length[]
  imports: readonly Import[]
}

export type Sum = { name: string; files: number; lines: number; code: number }
export type Spread = { count: number; median: number; p95: number; longest: number }
export type Place = { place: string; lines: number }

export type Structure = {
  rooms: Sum[]
  total: Sum
  largestFolders: Folder[]
  longFiles: Place[]
  fileLines: Spread
  functionLines: Spread
  longFunctions: Place[]
  cycles: string[][]
  /** Rooms that import each other, by whatever way round. */
  roomCycles: string[][]
  against: RoomArrow[]
  unjudged: RoomArrow[]
  importTypes: number
}

const MOST_FOLDERS = 5
export const MOST_FILES = 20
export const MOST_LINES = 300
export const MOST_FUNCTION_LINES = 45
/** Rooms whose folders are rows of their own. */
const DIVIDED = ['tools', 'account', 'mcp']

const linesOf = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

const measureAll = (repo: string, files: readonly File[]): Measured[] => {
  const scripts = files.filter(isScript)
  const parsed = parseAll(
    repo,
    scripts.map(({ path }) => path),
    (path, source) => ({
      path,
      lines: linesOf(source.text),
      code: codeLinesOf(source),
      functions: functionsOf(source),
      imports: importsOf(source),
    }),
  )
  const styles = files
    .filter((file) => !isScript(file))
    .map(({ path, text }) => ({
      path,
      lines: linesOf(text),
      code: codeLinesOfStyles(text),
      functions: [],
      imports: [],
    }))
  return [...parsed, ...styles]
}

const add = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const sumOf = (name: string, files: readonly Measured[]): Sum => ({
  name,
  files: files.length,
  lines: add(files.map(({ lines }) => lines)),
  code: add(files.map(({ code }) => code)),
})

/** A room, and below it its folders where it is divided. */
const roomSums = (room: string, files: readonly Measured[]): Sum[] => {
  const whole = sumOf(room === INDEX ? `${INDEX} (directly in src)` : room, files)
  if (!DIVIDED.includes(room)) return [whole]
  const inFolders = files.filter(({ path }) => path.split('/').length > 3)
  const folders = [...Map.groupBy(inFolders, ({ path }) => path.split('/')[2]!)].sort()
  return [whole, ...folders.map(([folder, inside]) => sumOf(`  ${room}/${folder}`, inside))]
}

const spreadOf = (values: readonly number[]): Spread =>
  values.length === 0
    ? { count: 0, median: 0, p95: 0, longest: 0 }
    : {
        count: values.length,
        median: quantile(values, 0.5),
        p95: quantile(values, 0.95),
        longest: Math.max(...values),
      }

const longest = (places: readonly Place[], most: number): Place[] =>
  places.filter(({ lines }) => lines > most).sort((a, b) => b.lines - a.lines)

const arrowsOf = (files: readonly Measured[]): Arrow[] => {
  const known = new Set(files.map(({ path }) => path))
  return files.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, inType }) => {
      const to = resolve(path, specifier, known)
      return to ? [{ from: path, to, inType }] : []
    }),
  )
}

const sizes = (files: readonly Measured[]) => {
  const functions = files.flatMap(({ path, functions }) =>
    functions.map(({ line, lines }) => ({ place: `${path}:${line}`, lines })),
  )
  const wide = functions.filter(({ lines }) => lines > 1)
  const places = files.map(({ path, lines }) => ({ place: path, lines }))
  return {
    longFiles: longest(places, MOST_LINES),
    fileLines: spreadOf(places.map(({ lines }) => lines)),
    functionLines: spreadOf(wide.map(({ lines }) => lines)),
    longFunctions: longest(wide, MOST_FUNCTION_LINES),
  }
}

const directions = (arrows: readonly Arrow[]) => {
  const rooms = roomArrows(arrows)
  return {
    cycles: cyclesOf(graphOf(arrows)),
    roomCycles: cyclesOf(graphOf(rooms)),
    ...judge(rooms),
    importTypes: arrows.filter(({ inType }) => inType).length,
  }
}

/** @param repo absolute path of a checkout */
export const structureOf = (repo: string): Structure => {
  const files = measureAll(repo, readFiles(repo))
  const rooms = [...Map.groupBy(files, ({ path }) => roomOf(path))].sort()
  return {
    rooms: rooms.flatMap(([room, inside]) => roomSums(room, inside)),
    total: sumOf('src + schemas', files),
    largestFolders: foldersOf(files.map(({ path }) => path)).slice(0, MOST_FOLDERS),
    ...sizes(files),
    ...directions(arrowsOf(files)),
  }
}
