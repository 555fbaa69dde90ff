/** Faults on demand: the next answers are replaced, delayed or given other headers. */
import * as z from 'zod'
import { type Db, rows } from '../tenants/tables.ts'

const MOST_BYTES = 64 * 1024 * 1024
const LONGEST_DELAY = 300_000

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/, 'is no header name')
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]{0,8000}$/, 'is no header value')

export const Fault = z.strictObject({
  /** How many matching requests meet it; null: all. */
  times: z.int().min(1).max(1_000_000).nullable().default(1),
  method: z
    .string()
    .max(10)
    .transform((verb) => verb.toUpperCase())
    .optional(),
  /** Beginning of the path, with or without `/v2`. */
  path: z.string().startsWith('/').max(1000).optional(),
  username: z.string().min(1).max(200).optional(),
  /** Absent: the real answer, with these headers and this delay. */
  status: z.int().min(200).max(599).optional(),
  headers: z.record(headerName, headerValue).default({}),
  body: z.string().optional(),
  json: z.json().optional(),
  content_type: headerValue.optional(),
  delay_ms: z.int().min(0).max(LONGEST_DELAY).default(0),
  /** A JSON answer of about this size. */
  body_bytes: z.int().min(1).max(MOST_BYTES).optional(),
  /** true: the request takes effect although its answer is replaced. */
  applied: z.boolean().default(false),
})

export type Fault = z.infer<typeof Fault>
export type StoredFault = Fault & { id: number; remaining: number | null }

type Row = { id: number; username: string | null; remaining: number | null; doc: string }

const storedFault = (row: Row): StoredFault => ({
  ...JSON.parse(row.doc),
  id: row.id,
  remaining: row.remaining,
})

/** Faults of one tenant, or (username null) all. */
export const listFaults = (db: Db, username: string | null): StoredFault[] =>
  rows<Row>(db, 'SELECT * FROM faults WHERE ? IS NULL OR username = ? ORDER BY id', username, username).map(
    storedFault,
  )

export const addFault = (db: Db, fault: Fault): void => {
  db.exec(
    'INSERT INTO faults (username, remaining, doc) VALUES (?, ?, ?)',
    fault.username ?? null,
    fault.times,
    JSON.stringify(fault),
  )
}

export const clearFaults = (db: Db, username: string | null): void => {
  db.exec('DELETE FROM faults WHERE ? IS NULL OR username = ?', username, username)
}

/** Whether a fault is meant for this request. */
const isMeant = (fault: Fault, method: string, pathname: string): boolean => {
  if (fault.method && fault.method !== method) return false
  if (!fault.path) return true
  return pathname.startsWith(fault.path) || pathname.replace(/^\/v2(?=\/)/, '').startsWith(fault.path)
}

/** The first fault meant for this request, counted down; null where none is. */
export const takeFault = (db: Db, username: string, method: string, pathname: string): Fault | null => {
  const waiting = rows<Row>(
    db,
    'SELECT * FROM faults WHERE (username IS NULL OR username = ?) AND (remaining IS NULL OR remaining > 0) ORDER BY id',
    username,
  )
  const fault = waiting.map(storedFault).find((one) => isMeant(one, method, pathname))
  if (!fault) return null
  if (fault.remaining !== null) db.exec('UPDATE faults SET remaining = remaining - 1 WHERE id = ?', fault.id)
  return fault
}

const BY_DEFAULT = { detail: 'Injected by the sandbox.' }

const padded = (bytes: number): string => JSON.stringify({ padding: 'x'.repeat(Math.max(0, bytes - 14)) })

const bodyOf = (fault: Fault): string => {
  if (fault.body !== undefined) return fault.body
  if (fault.body_bytes !== undefined) return padded(fault.body_bytes)
  return JSON.stringify(fault.json === undefined ? BY_DEFAULT : fault.json)
}

/** The answer instead of the real one; null: the real one is given. */
export const faultResponse = (fault: Fault): Response | null => {
  if (fault.status === undefined && fault.body === undefined && fault.body_bytes === undefined) {
    if (fault.json === undefined) return null
  }
  const status = fault.status ?? 200
  const headers = new Headers({ 'Content-Type': fault.content_type ?? 'application/json' })
  for (const [name, value] of Object.entries(fault.headers)) headers.set(name, value)
  return new Response([204, 205, 304].includes(status) ? null : bodyOf(fault), { status, headers })
}
