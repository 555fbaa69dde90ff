/** Writes every management action into the audit trail, for all routes; what it changed has its row from the object that changed it. */
import type { Context, MiddlewareHandler } from 'hono'
import { type AboutTarget, type Refused, refusedFields } from '../account/audit/entry.ts'
import { bearerIn } from '../core/request.ts'
import { recordAttempt, recordRow } from '../identity/attempts.ts'
import { whyRefused } from '../rules/sentences/why-refused.ts'
import type { App } from './auth.ts'
import { causeOf } from './cause.ts'
import { ApiError } from './errors.ts'
import { accountIn } from './input.ts'

type Named = {
  id?: unknown
  name?: unknown
  settings_draft_id?: unknown
  mcp_server_name?: unknown
  summary?: { total_cents?: unknown; suppliers?: unknown[] }
}

type Answered = { named: string | null; waits: string | null; about: AboutTarget }

/** What a sentence says of what was answered: its name and, of a draft, who made it and how much it pays. */
const aboutAnswer = ({ name, mcp_server_name, summary }: Named): AboutTarget => {
  const { total_cents: cents, suppliers } = summary ?? {}
  return {
    ...(typeof name === 'string' && { target_name: name }),
    ...(typeof mcp_server_name === 'string' && { mcp_server_name }),
    ...(typeof cents === 'number' && cents > 0 && { cents, suppliers: suppliers?.length ?? 0 }),
  }
}

/** Of an answer: the id or, where there is none, the name of what was made, changed or removed; and the change that waits. */
const namesIn = async (response: Response): Promise<Answered> => {
  const body = response.ok
    ? ((await response
        .clone()
        .json()
        .catch(() => null)) as Named | null)
    : null
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    named: text(body?.id ?? body?.name),
    waits: text(body?.settings_draft_id),
    about: aboutAnswer(body ?? {}),
  }
}

/** The deployment's own trail. */
const DEPLOYMENT = null

/** The trails in which a row is written. What somebody tried who has no role for an account does not reach its trail. */
const trailsOf = (c: Context<App>, named: string | null): (string | null)[] => {
  const rule = c.get('trail')
  if (rule === undefined) return [DEPLOYMENT]
  const account = rule === 'created_account' ? named : accountIn(c)
  return rule === 'deployment_too' && c.res.ok ? [account, DEPLOYMENT] : [account]
}

/**
 * What a decision was about that answered no id: mostly one that was refused. Of drafts also where nobody looked for it, since their
 * ids have one form; what is unknown leaves no id, nor does what strangers name.
 */
const decidedOn = (c: Context<App>): string | null => {
  const found = c.get('decidedOn')
  if (found !== undefined) return found
  const isKnown = c.get('trail') !== undefined && c.res.status >= 400 && c.res.status !== 404
  return isKnown ? (c.req.param('approval') ?? null) : null
}

/** Keys that open nothing leave a row, whatever they were tried at: not which, and not where. */
const recordStranger = async (c: Context<App>): Promise<void> => {
  if (c.res.status !== 401 || bearerIn(c.req.header('authorization')) === null) return
  await recordAttempt(c.env, { who: null, action: 'REST API with a key that is not valid', status: 401 })
}

const NAME = /^[a-z_]{1,40}$/

/** Keys of what was sent that are written as settings are. */
const keysIn = (value: unknown, keys = new Set<string>()): Set<string> => {
  if (typeof value !== 'object' || value === null) return keys
  for (const [key, item] of Object.entries(value)) keysIn(item, NAME.test(key) ? keys.add(key) : keys)
  return keys
}

/** By which rule it was refused; of what was not valid, what was wrong with which part of it. */
const refusedOf = (c: Context<App>): Refused => {
  if (!(c.error instanceof ApiError)) return {}
  if (c.error.rule !== null || c.error.status !== 400) return refusedFields(c.error.rule)
  const sent = c.get('sent')
  const why = whyRefused(c.error.message, keysIn(sent), sent)
  return why === '' ? {} : { refused_facts: { why } }
}

/**
 * Runs around every route that asked who calls. Reads leave no row; refusals of what a known caller tried do.
 */
export const recordManagement: MiddlewareHandler<App> = async (c, next) => {
  await next()
  if (!c.get('actor')) return recordStranger(c)
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  const { named, waits, about } = await namesIn(c.res)
  const cause = causeOf(c)
  const draft = cause.settings_draft_id ?? waits
  const entry = {
    ...cause,
    target_id: named ?? decidedOn(c),
    http_status_code: c.res.status,
    ...(draft !== null && { settings_draft_id: draft }),
    ...about,
    ...c.get('about'),
    ...refusedOf(c),
  }
  await Promise.all(trailsOf(c, named).map((trail) => recordRow(c.env, trail, entry)))
}
