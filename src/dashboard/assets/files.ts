/** The stylesheet and the script, under paths that change with their text, so that browsers may keep them for ever. */
import { crc32 } from '../../core/bytes.ts'
import { script } from './script.ts'
import { style } from './style.ts'

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0b6b4f"/><path d="M8 11h10a6 6 0 0 1 0 12M8 11l4-4M8 11l4 4M8 23h5" fill="none" stroke="#fff" stroke-width="2.500"/></svg>'

const hashed = (name: string, text: string) => {
  const [stem, extension] = name.split('.')
  return `/dashboard/assets/${stem}.${crc32(text).toString(16).padStart(8, '0')}.${extension}`
}

export const STYLE_PATH = hashed('style.css', style)
export const SCRIPT_PATH = hashed('script.js', script)
export const ICON_PATH = hashed('icon.svg', icon)

const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  [STYLE_PATH]: ['text/css; charset=utf-8', style],
  [SCRIPT_PATH]: ['text/javascript; charset=utf-8', script],
  [ICON_PATH]: ['image/svg+xml', icon],
}

/** Null for a path of another version: the page that names it is out of date. */
export const assetAt = (path: string): Response | null => {
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined
  if (!file) return null
  const [type, text] = file
  return new Response(text, {
    headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' },
  })
}
