/** An export that is written while it is read. */
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

/** @param head its first line; empty: none @param part null: the first one */
export const streamed = <Cursor>(
  head: string,
  part: (cursor: Cursor | null) => Promise<Part<Cursor>>,
  from: Cursor | null = null,
): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  let cursor = from
  let written = 0
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (head !== '') controller.enqueue(encoder.encode(head))
    },
    pull: async (controller) => {
      // Nobody asks again after a part without a line.
      for (let lines = ''; lines === ''; ) {
        const read = await part(cursor)
        lines = read.lines
        written += read.rows
        if (lines !== '') controller.enqueue(encoder.encode(lines))
        if (read.next === null) return controller.close()
        // An export that is cut has to look cut: a broken download, never a shorter file.
        if (written >= MOST_EXPORTED)
          return controller.error(new Error('The export is too long: ask for a shorter time.'))
        cursor = read.next
      }
    },
  })
}
