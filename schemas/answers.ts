/** Finexio's sources disagree on the outer shape of some answers; these pure functions bring each to one form. */
import { isObject } from '../src/core/json.ts'

/** Rows of a list answer: an envelope, a bare array or a single object. Undefined for anything else. */
const rowsOf = (raw: unknown): unknown[] | undefined => {
  if (Array.isArray(raw)) return raw
  if (!isObject(raw)) return undefined
  return Array.isArray(raw.results) ? raw.results : [raw]
}

/** The one record of an answer: an object, an array of one or an envelope of one. Undefined where there is none or several. */
export const recordOf = (raw: unknown): unknown => {
  const rows = rowsOf(raw)
  return rows?.length === 1 ? rows[0] : undefined
}

const isEmpty = (value: object) => Object.keys(value).length === 0

/** An image, or its documented absence; what says neither, such as a message about maintenance, is no answer. */
const isImage = (row: unknown): boolean =>
  typeof row === 'string' || (isObject(row) && ('check_image_url' in row || isEmpty(row)))

const countsMore = (raw: unknown, rows: readonly unknown[]): boolean =>
  isObject(raw) && typeof raw.count === 'number' && raw.count > rows.length

/** Image of a check: an object, an array of objects, `[]` or `{}` → `{check_image_url}`, null without an image. Undefined for anything else. */
export const checkImageOf = (raw: unknown): unknown => {
  const rows = rowsOf(raw)
  if (!rows?.every(isImage) || countsMore(raw, rows)) return undefined
  const urls = rows.map((row) => (isObject(row) ? row.check_image_url : row)).filter(Boolean)
  const [check_image_url = null, ...more] = urls
  return more.length > 0 ? { check_image_url, more_check_image_urls: more } : { check_image_url }
}
