/** A table as a file for a spreadsheet: every page of a list of the API, written while it is read. Times are ISO 8601, in UTC. */
import { csvCutLine, streamed } from '../api/log/stream.ts'
import { csvHead, csvLine } from '../core/csv.ts'
import type { C } from './app-type.ts'
import type { ApiPath } from './management.ts'
import { LinkButton } from './parts/notes.tsx'
import type { Listed } from './shapes.ts'

const PER_PAGE = '100'

/** Headings, and what stands under each. */
export type CsvColumns<Item> = Readonly<Record<string, (item: Item) => unknown>>

/**
 * @param name of the file, without its ending
 * @param path of a list of the API
 * @throws Refused where the list may not be seen: before a line is written
 */
export const csvFile = async <Item,>(
  c: C,
  name: string,
  path: ApiPath,
  columns: CsvColumns<Item>,
): Promise<Response> => {
  const api = c.get('api')
  const read = (from: string | null) =>
    api.get<Listed<Item>>(path, { limit: PER_PAGE, next_cursor: from ?? undefined })
  const begin = c.req.query('next_cursor') || null
  const first = await read(begin)
  const cells = Object.values(columns)
  const part = async (from: string | null) => {
    const { result, next_cursor } = from === begin ? first : await read(from)
    const lines = result.map((item) => csvLine(cells.map((of) => of(item)))).join('')
    return { lines, rows: result.length, next: next_cursor }
  }
  const body = streamed<string>(csvHead(Object.keys(columns)), part, { from: begin, cutLine: csvCutLine })
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
  })
}

/** The link to the file of a table. */
export const ExportLink = ({ href }: { href: string }) => (
  <p>
    <LinkButton href={href} label="Export CSV" tone="mini" />
  </p>
)
