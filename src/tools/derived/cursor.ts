/** `next_cursor`: where a list goes on. Opaque to clients and bound to its query and to the server's configuration. */
import * as z from 'zod'
import { base64UrlOf, bytesOfBase64Url } from '../../core/bytes.ts'

/** Reading direction: `newest` follows pages upwards, `oldest` downwards from the last, `unknown` as Finexio lists. */
const Order = z.enum(['newest', 'oldest', 'unknown'])
export type Order = z.infer<typeof Order>

const Position = z.object({
  order: Order,
  page: z.int().min(1).max(1_000_000),
  /** Rows of that page already given, in reading direction. */
  skip: z.int().min(0).max(100_000),
  /** Key of the last row given: new rows upstream shift pages, this finds the place again. */
  last: z.string().max(200).nullable(),
  /** Rows that came so far, and the highest count of them: at its end a list is held against its count. */
  seen: z.int().min(0).optional(),
  count: z.int().min(0).nullable().optional(),
})
export type Position = z.infer<typeof Position>

const LONGEST_CURSOR = 1_000

/** Format of the text below, in case it ever changes. */
const FORMAT = 1

/** A short digest of whatever must not change between two pages: tool, filters, server, configuration. */
export const queryDigest = async (parts: unknown): Promise<string> => {
  const bytes = new TextEncoder().encode(JSON.stringify(parts))
  return base64UrlOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).slice(0, 9))
}

/** @param digest of the query, as `queryDigest` gives it */
export const encodeCursor = (position: Position, digest: string): string => {
  const { order, page, skip, last, seen, count } = position
  const parts = [
    FORMAT,
    digest,
    order,
    page,
    skip,
    last,
    ...(seen === undefined ? [] : [seen, count ?? null]),
  ]
  return base64UrlOf(new TextEncoder().encode(JSON.stringify(parts)))
}

/** Null when the text is not a cursor of ours or belongs to another query or configuration. */
export const decodeCursor = (text: string, digest: string): Position | null => {
  if (text.length > LONGEST_CURSOR) return null
  try {
    const [format, owner, order, page, skip, last, seen, count] = JSON.parse(
      new TextDecoder().decode(bytesOfBase64Url(text)),
    )
    return format === FORMAT && owner === digest
      ? Position.parse({ order, page, skip, last, seen, count })
      : null
  } catch {
    return null
  }
}
