/** What clients really sent, for tests and people to look at. Credentials are never kept. */
import { type Db, rows } from '../tenants/tables.ts'

const KEPT = 20_000
const LONGEST_BODY = 1_000_000
const UNKEPT_HEADERS = /^(?:authorization|proxy-authorization|cookie|cf-.*|x-forwarded-.*|x-real-ip)$/

export type LoggedRequest = {
  id: number
  time: string
  username: string | null
  method: string
  path: string
  query: Record<string, string | string[]>
  /** Whether an Authorization header came; never its value. */
  authorization: boolean
  headers: Record<string, string>
  body: unknown
  /** Null until it is answered. */
  status: number | null
}

type Row = { id: number; username: string | null; status: number | null; doc: string; body: string | null }

const queryOf = (url: URL): LoggedRequest['query'] =>
  Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => {
      const values = url.searchParams.getAll(name)
      return [name, values.length === 1 ? values[0]! : values]
    }),
  )

/** Keeps a request; the answer's status is added by `logStatus`. */
export const logRequest = (
  db: Db,
  request: Request,
  username: string | null,
  body: string,
  time: Date,
): number => {
  const url = new URL(request.url)
  const doc = {
    time: time.toISOString(),
    method: request.method,
    path: url.pathname,
    query: queryOf(url),
    authorization: request.headers.has('authorization'),
    headers: Object.fromEntries([...request.headers].filter(([name]) => !UNKEPT_HEADERS.test(name))),
  }
  const row = db
    .exec<{ id: number }>(
      'INSERT INTO requests (username, doc, body) VALUES (?, ?, ?) RETURNING id',
      username,
      JSON.stringify(doc),
      body === '' ? null : body.slice(0, LONGEST_BODY),
    )
    .one()
  if (row.id % 1000 === 0) db.exec('DELETE FROM requests WHERE id <= ?', row.id - KEPT)
  return row.id
}

export const logStatus = (db: Db, id: number, status: number): void => {
  db.exec('UPDATE requests SET status = ? WHERE id = ?', status, id)
}

const parsed = (body: string | null): unknown => {
  if (body === null) return null
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** Kept requests, oldest first: of one tenant, or (username null) of all. */
export const listRequests = (db: Db, username: string | null): LoggedRequest[] =>
  rows<Row>(db, 'SELECT * FROM requests WHERE ? IS NULL OR username = ? ORDER BY id', username, username).map(
    (row) => {
      const { time, ...doc } = JSON.parse(row.doc)
      return { id: row.id, time, username: row.username, ...doc, body: parsed(row.body), status: row.status }
    },
  )

export const clearRequests = (db: Db, username: string | null): void => {
  db.exec('DELETE FROM requests WHERE ? IS NULL OR username = ?', username, username)
}
