/** Answers in Finexio's manner. */
import type { Answer, Call } from './call.ts'

export type FieldErrors = Record<string, string[]>

export const ok = (body: unknown, status = 200): Answer => ({ status, body })

const TITLES: Readonly<Record<number, string>> = { 400: 'Bad Request', 404: 'Not Found' }

const problem = (call: Pick<Call, 'url'>, status: number, detail: string, more: object = {}): Answer => ({
  status,
  body: {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    instance: call.url.pathname,
    ...more,
  },
})

type Styled = Pick<Call, 'url' | 'settings'>

const detail = (call: Styled, status: number, text: string): Answer =>
  call.settings.errorStyle === 'problem' ? problem(call, status, text) : { status, body: { detail: text } }

export const notFound = (call: Styled): Answer => detail(call, 404, 'Not found.')
export const invalidPage = (call: Styled): Answer => detail(call, 404, 'Invalid page.')
export const badRequest = (call: Styled, text: string): Answer => detail(call, 400, text)

/** 400 with field → messages. */
export const invalid = (call: Styled, errors: FieldErrors): Answer => {
  if (call.settings.errorStyle === 'drf') return { status: 400, body: errors }
  const text = Object.entries(errors)
    .map(([field, messages]) => `${field}: ${messages.join(' ')}`)
    .join(' ')
  return problem(call, 400, text)
}

/** One message for every cause, since Finexio does not tell them apart. */
export const badCredentials: Answer = { status: 403, body: { detail: 'Invalid username/password.' } }
export const noPermission: Answer = {
  status: 403,
  body: { detail: 'You do not have permission to perform this action.' },
}
export const wrongMethod = (method: string): Answer => ({
  status: 405,
  body: { detail: `Method "${method}" not allowed.` },
})
export const unreadableJson: Answer = { status: 400, body: { detail: 'JSON parse error' } }
export const wrongMediaType = (type: string): Answer => ({
  status: 415,
  body: { detail: `Unsupported media type "${type.slice(0, 100)}" in request.` },
})
