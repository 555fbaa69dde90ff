/** Reads Finexio's records leniently, as declared. What is no record at all is counted, never dropped in silence. */
import type * as z from 'zod'
import { readAs } from '../../../schemas/readable.ts'
import type { Row } from '../reading/walk.ts'

export type Readable = { gives?: z.ZodObject; reads?: (raw: unknown) => unknown }

/** One record as Finexio sent it; null when it is none. */
export const readRecord = ({ gives, reads }: Readable, raw: unknown): Row | null =>
  gives ? readAs(gives, reads ? reads(raw) : raw) : null

export const readRecords = (
  method: Readable,
  raw: readonly unknown[],
): { records: Row[]; unreadable: number } => {
  const read = raw.map((row) => readRecord(method, row))
  const records = read.filter((row) => row !== null)
  return { records, unreadable: read.length - records.length }
}
