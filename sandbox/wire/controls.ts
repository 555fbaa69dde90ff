/** The sandbox's own controls below `/__sandbox/`: on loopback only, each for one tenant (`?username=`) or for all. */
import * as z from 'zod'
import type { Scope } from '../payments/advance.ts'
import { ACTIONS, type Action, actOnPayment } from '../payments/payment-actions.ts'
import { MILLISECOND, timestampText } from '../tenants/micros.ts'
import { changeSettings, type Settings, SettingsChange, settingsOf } from '../tenants/settings.ts'
import { type Db, rows } from '../tenants/tables.ts'
import { advanceClock, findTenant, resetTenants, tenantNow } from '../tenants/tenants.ts'
import { clearDeliveries, listDeliveries } from '../webhooks/deliveries.ts'
import { addFault, clearFaults, Fault, listFaults } from './faults.ts'
import { clearRequests, listRequests } from './request-log.ts'

export const CONTROLS = '/__sandbox/'

export type Control = {
  db: Db
  method: string
  /** Below `/__sandbox/`. */
  path: string
  username: string | null
  body: unknown
  wall: number
  startWith: Partial<Settings>
  /** Fills a tenant and brings it up to its clock; null where the tenant is unknown. */
  open: (username: string) => Scope | null
}

type Result = { status: number; body: unknown }
const done = (body: unknown): Result => ({ status: 200, body })
const refuse = (status: number, error: string): Result => ({ status, body: { error } })

const MOST_SECONDS = 10 * 366 * 86_400
const Advance = z.strictObject({ advance_seconds: z.number().min(0).max(MOST_SECONDS) })
const Faults = z.union([z.array(Fault), Fault.transform((fault) => [fault])])

const clock = ({ db, username, wall }: Control): Result => {
  const tenant = username === null ? null : findTenant(db, username)
  const now = tenant ? tenantNow(tenant, wall) : wall * MILLISECOND
  return done({ now: timestampText(now), advanced_seconds: (tenant?.clock_offset ?? 0) / 1_000_000 })
}

const advance = (control: Control): Result => {
  const { db, username, body } = control
  advanceClock(db, username, Advance.parse(body).advance_seconds)
  return clock(control)
}

const settings = ({ db, username, startWith }: Control): Result => done(settingsOf(db, username, startWith))

const changedSettings = (control: Control): Result => {
  changeSettings(control.db, control.username, SettingsChange.parse(control.body))
  return settings(control)
}

const faults = ({ db, username }: Control): Result => done(listFaults(db, username))

const addedFaults = (control: Control): Result => {
  const { db, username, body } = control
  for (const fault of Faults.parse(body)) addFault(db, { ...fault, username: username ?? fault.username })
  return faults(control)
}

const replacedFaults = (control: Control): Result => {
  const wanted = Faults.parse(control.body)
  clearFaults(control.db, control.username)
  return addedFaults({ ...control, body: wanted })
}

const cleared =
  (clear: (db: Db, username: string | null) => void) =>
  ({ db, username }: Control): Result => {
    clear(db, username)
    return { status: 204, body: undefined }
  }

const tenants = ({ db }: Control): Result =>
  done(rows(db, 'SELECT username, marker, seeded_on IS NOT NULL AS seeded FROM tenants ORDER BY id'))

type Verbs = Readonly<Record<string, (control: Control) => Result>>

const ROUTES: Readonly<Record<string, Verbs>> = {
  requests: {
    GET: ({ db, username }) => done(listRequests(db, username)),
    DELETE: cleared(clearRequests),
  },
  settings: { GET: settings, PATCH: changedSettings, PUT: changedSettings, POST: changedSettings },
  faults: { GET: faults, POST: addedFaults, PUT: replacedFaults, DELETE: cleared(clearFaults) },
  clock: { GET: clock, POST: advance },
  deliveries: {
    GET: ({ db, username }) => done(listDeliveries(db, username)),
    DELETE: cleared(clearDeliveries),
  },
  reset: { POST: cleared(resetTenants) },
  tenants: { GET: tenants },
}

const paymentAction = (control: Control, id: string, action: string): Result => {
  if (!(action in ACTIONS)) return refuse(404, `Payment actions: ${Object.keys(ACTIONS).join(', ')}.`)
  if (control.method !== 'POST') return refuse(405, 'Use POST.')
  const scope = control.open(control.username ?? 'demo')
  if (!scope) return refuse(404, 'No tenant has this username yet: it is made by its first request.')
  const problem = actOnPayment(scope, decodeURIComponent(id), action as Action, control.body ?? {})
  return problem ? refuse(409, problem) : done({ payment_id: id, action })
}

const routed = (control: Control): Result => {
  const [, id, action] = /^payments\/([^/]+)\/([^/]+)$/.exec(control.path) ?? []
  if (id && action) return paymentAction(control, id, action)
  const verbs = ROUTES[control.path]
  if (!verbs)
    return refuse(
      404,
      `Controls: ${Object.keys(ROUTES).join(', ')}, payments/{id}/{action}. See sandbox/README.md.`,
    )
  const work = verbs[control.method]
  return work ? work(control) : refuse(405, `Use ${Object.keys(verbs).join(', ')}.`)
}

/** Does what a control asks; input that does not fit is refused with the reason. */
export const handleControl = (control: Control): Result => {
  try {
    return routed(control)
  } catch (error) {
    if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error))
    throw error
  }
}

/** Whether a request came to a loopback name: anything else (DNS rebinding) may not touch the controls. */
export const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
