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

/** Image of a check: an object, an array of objects, `[]` or `{}` → `{check_image_url}`, null without an image. */
export const checkImageOf = (raw: unknown): unknown => {
  const rows = rowsOf(raw)
  if (!rows) return raw
  const urls = rows.map((row) => (isObject(row) ? row.check_image_url : row)).filter(Boolean)
  const [check_image_url = null, ...more] = urls
  return more.length > 0 ? { check_image_url, more_check_image_urls: more } : { check_image_url }
}
