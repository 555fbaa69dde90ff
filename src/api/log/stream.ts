/** An export that is written while it is read. */
import { csvLine } from '../../core/csv.ts'
import { pause, rest } from '../../core/time.ts'

/** Rows that are written in one go: a fifth of a millisecond. Between two of them whatever else the isolate has to do is done. */
const SLICE = 25
/** While there are calls, which seldom meet a slice then. */
const REST_MS = 5

/** @param lineOf a row as a line, its end included @param isCalled whether calls have to be left room */
export const linesOf = async <Row>(
  rows: readonly Row[],
  lineOf: (row: Row) => string,
  isCalled: boolean,
): Promise<string> => {
  let lines = ''
  for (let at = 0; at < rows.length; at += SLICE) {
    if (at > 0) await (isCalled ? rest(REST_MS) : pause(0))
    lines += rows
      .slice(at, at + SLICE)
      .map(lineOf)
      .join('')
  }
  return lines
}

/** Rows of one export; the rest is asked for with another range. */
const MOST_EXPORTED = 1_000_000

/** Lines of one part, of how many rows, and where the next part begins; null: nowhere. */
type Part<Cursor> = { lines: string; rows: number; next: Cursor | null }

/** What a client sees of an export that is cut: a broken download, never a shorter file. */
const CUT = 'The export was cut: its last line says where to go on, or ask for a shorter time.'

/** What the last line of an export that is cut says in front of its `next_cursor`. */
export const CUT_HERE =
  'CUT HERE: further rows are missing. Ask for the same with the next_cursor that follows.'

/** The last line of a CSV export that is cut. @param next_cursor where another one goes on */
export const csvCutLine = (next_cursor: string | number): string => csvLine([CUT_HERE, next_cursor])

/** `from`: where an export goes on. `cutLine`: the last line of one that is cut, from which another can go on; empty: there is none. */
type Place<Cursor> = { from: Cursor | null; cutLine: (cursor: Cursor) => string }

/**
 * The platform lets one request ask its objects only so often, which no plan tells beforehand: an export over very many trails ends with
 * the request that is refused, and is cut like one that is too long.
 * @param head its first line; empty: none @param part null: the first one
 */
export const streamed = <Cursor>(
  head: string,
  part: (cursor: Cursor | null) => Promise<Part<Cursor>>,
  { from, cutLine }: Place<Cursor>,
): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  let cursor = from
  let written = 0
  let isCut = false
  const cut = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const line = cursor === null ? '' : cutLine(cursor)
    isCut = true
    // Whatever waits to be sent when a stream breaks is lost: the next pull breaks it.
    if (line === '') controller.error(new Error(CUT))
    else controller.enqueue(encoder.encode(line))
  }
  const next = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    // Nobody asks again after a part without a line.
    for (let lines = ''; lines === ''; ) {
      const read = await part(cursor)
      lines = read.lines
      written += read.rows
      if (lines !== '') controller.enqueue(encoder.encode(lines))
      if (read.next === null) return controller.close()
      cursor = read.next
    }
  }
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (head !== '') controller.enqueue(encoder.encode(head))
    },
    pull: async (controller) => {
      if (isCut) return controller.error(new Error(CUT))
      if (written >= MOST_EXPORTED) return cut(controller)
      try {
        await next(controller)
      } catch (error) {
        console.error({ event: 'export_cut', error: error instanceof Error ? error.name : typeof error })
        cut(controller)
      }
    },
  })
}
