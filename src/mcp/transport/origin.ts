/** Which web pages may call an MCP endpoint. Programs send no Origin and are not concerned. */
import { isLoopback } from '../../core/public-url.ts'

const ASSISTANTS = [
  'https://chatgpt.com',
  'https://chat.openai.com',
  'https://claude.ai',
  'https://claude.com',
]
/** The host of an Origin header (RFC 6454, 7), IPv6 in brackets. */
const HOST = /^https?:\/\/(\[[\da-f:]+\]|[^/:@[\]]+)(?::\d{1,5})?$/

const isLocal = (origin: string): boolean => isLoopback(HOST.exec(origin)?.[1] ?? '')

export type OriginSettings = { ALLOWED_ORIGINS?: string; LOCAL_DEVELOPMENT?: string }

const configured = (list = ''): string[] =>
  list
    .split(',')
    .map((entry) => entry.trim().replace(/\/$/, '').toLowerCase())
    .filter(Boolean)

/**
 * @param origin the Origin header, null when absent
 * @returns false only for a page that is neither an assistant's, nor configured, nor (in local development) on loopback
 */
export const originAllowed = (origin: string | null, settings: OriginSettings): boolean => {
  if (origin === null || ASSISTANTS.includes(origin)) return true
  if (settings.LOCAL_DEVELOPMENT === 'true' && isLocal(origin)) return true
  return configured(settings.ALLOWED_ORIGINS).includes(origin)
}

/** Whether a server names this origin itself. @param list its `allowed_origins` */
export const originNamed = (
  origin: string | null,
  list: readonly string[],
  { LOCAL_DEVELOPMENT }: OriginSettings,
): boolean => {
  if (origin === null || !list.includes(origin)) return false
  return LOCAL_DEVELOPMENT === 'true' || !isLocal(origin)
}
