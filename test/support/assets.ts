/** The binding of the files that are deployed beside the Worker, for tests in Node. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../../src/core/env.ts'

const folder = join(import.meta.dirname, '../../assets')

/** What is in `assets`; anything else is a 404, as of Cloudflare's. */
export const assets = {
  fetch: async (url: string) => {
    const text = await readFile(join(folder, new URL(url).pathname), 'utf8').catch(() => null)
    return text === null ? new Response(null, { status: 404 }) : new Response(text)
  },
} as unknown as Env['ASSETS']
