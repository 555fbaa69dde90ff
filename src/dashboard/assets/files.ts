/** Stylesheet, script and icon, under paths that change with their text, so that browsers may keep them for ever. */
import { assetOf } from '../../core/assets.ts'
import type { Env } from '../../core/env.ts'
import { HASHES } from './hashes.ts'

type Name = keyof typeof HASHES

const pathOf = (name: Name) => `/dashboard/assets/${name.replace('.', `.${HASHES[name]}.`)}`

export const STYLE_PATH = pathOf('style.css')
export const SCRIPT_PATH = pathOf('script.js')
export const ICON_PATH = pathOf('icon.svg')

const FILES: Readonly<Record<string, readonly [name: Name, type: string]>> = {
  [STYLE_PATH]: ['style.css', 'text/css; charset=utf-8'],
  [SCRIPT_PATH]: ['script.js', 'text/javascript; charset=utf-8'],
  [ICON_PATH]: ['icon.svg', 'image/svg+xml'],
}

/** Null for a path of another version: the page that names it is out of date. */
export const assetAt = async (path: string, env: Pick<Env, 'ASSETS'>): Promise<Response | null> => {
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined
  if (!file) return null
  const [name, type] = file
  const { body } = await assetOf(env, `dashboard/${name}`)
  return new Response(body, {
    headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' },
  })
}
