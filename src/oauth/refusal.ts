/** Refusals of the endpoints that programs call, in the form that OAuth gives them. */
import { dress } from '../mcp/transport/headers.ts'

/** Any page may read these: they hold nothing that belongs to a person. */
export const openToAll = (response: Response): Response => dress(response, '*')

/** @param error OAuth's code @param text what to do next */
export const refusal = (status: number, error: string, text: string): Response =>
  openToAll(Response.json({ error, error_description: text }, { status }))

export const unreadable = (): Response =>
  refusal(
    400,
    'invalid_request',
    'The body could not be read: at most 16 KiB of text, sent within 10 seconds.',
  )
