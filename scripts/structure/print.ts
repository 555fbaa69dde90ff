/** The figures as text. */
import type { RoomArrow } from './arrows.ts'
import type { Passed } from './calls.ts'
import {
  MOST_FILES,
  MOST_FUNCTION_LINES,
  MOST_LINES,
  type Place,
  type Spread,
  type Structure,
  type Sum,
} from './measure.ts'

/** Imports that are shown of each arrow. */
const EXAMPLES = 3

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

/** A heading with its lines, or with "none". */
const list = (heading: string, lines: readonly string[]): string =>
  `${heading}: ${lines.length || 'none'}${lines.map((line) => `\n  ${line}`).join('')}`

const sumCells = ({ name, files, lines, code }: Sum) => [name, String(files), String(lines), String(code)]

const sums = ({ rooms, total }: Structure) =>
  table([['room', 'files', 'lines', 'code'], ...rooms.map(sumCells), sumCells(total)])

const spreadCells = (name: string, { count, median, p95, longest }: Spread) =>
  [name, count, median, p95, longest].map(String)

const spreads = ({ fileLines, functionLines }: Structure) =>
  table([
    ['lines of', 'count', 'median', 'p95', 'longest'],
    spreadCells('files', fileLines),
    spreadCells('functions (of more than one line)', functionLines),
  ])

const folders = ({ largestFolders }: Structure) =>
  table([
    ['largest folders', 'files directly inside', ''],
    ...largestFolders.map(({ path, files }) => [
      path,
      String(files),
      files > MOST_FILES ? `more than ${MOST_FILES}` : '',
    ]),
  ])

const placed = ({ place, lines }: Place) => `${place}  ${lines}`

const cycle = (names: readonly string[]) => `${names.length}: ${names.join(', ')}`

const arrow = ({ from, to, imports }: RoomArrow): string => {
  const more = imports.length - EXAMPLES
  const shown = [...imports.slice(0, EXAMPLES), ...(more > 0 ? [`and ${more} more`] : [])]
  return `${from} → ${to}, ${imports.length} imports${shown.map((each) => `\n    ${each}`).join('')}`
}

const short = ({ from, to, imports }: RoomArrow) => `${from} → ${to}, ${imports.length} imports`

export const printed = (found: Structure): string =>
  [
    sums(found),
    folders(found),
    spreads(found),
    list(`files of more than ${MOST_LINES} lines`, found.longFiles.map(placed)),
    list(`functions of more than ${MOST_FUNCTION_LINES} lines`, found.longFunctions.map(placed)),
    list('import cycles among files, types included, with their sizes', found.cycles.map(cycle)),
    list('cycles among rooms, with their sizes', found.roomCycles.map(cycle)),
    list('arrows between rooms against the direction', found.against.map(arrow)),
    list('arrows of rooms that rooms.ts does not name, not judged', found.unjudged.map(short)),
    `import('…') types: ${found.importTypes || 'none'}`,
  ].join('\n\n')

export const printedCall = ({ call, files }: Passed): string =>
  `files with a function that one call of ${call} executes: ${files.length}\n  ${files.join(', ')}`
