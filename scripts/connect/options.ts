/** Options of `npm run connect`, checked before anything is sent. Secrets come from the environment, never from the command line. */
import { isSendable } from '../../src/core/keys.ts'
import { allOf } from '../all-of.ts'
import type { Management } from '../local/management.ts'

export type Options = {
  api: Management
  name: string
  credentials: { username: string; password: string }
  /** Null: the deployment's first. */
  baseUrl: string | null
  /** Milliseconds for which the URL lives; null: until it is deleted. */
  lifetimeMs: number | null
  /** Whether an account is made beside one of the same name. */
  again: boolean
}

type Values = Readonly<Record<string, string | undefined>>

const HOUR_MS = 3_600_000
/** As the API has it. */
const LEAST_MS = 60_000
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const REQUIRED = ['ADMIN_API_KEY', 'FINEXIO_USERNAME', 'FINEXIO_PASSWORD'] as const

/** @throws naming all that are missing */
const settingsIn = (environment: Values): Record<(typeof REQUIRED)[number], string> => {
  const missing = REQUIRED.filter((name) => !environment[name]?.trim())
  if (missing.length > 0) throw new Error(`Set ${missing.join(', ')} in the environment.`)
  const setting = environment as Record<(typeof REQUIRED)[number], string>
  const key = setting.ADMIN_API_KEY.trim()
  if (isSendable(key)) return { ...setting, ADMIN_API_KEY: key }
  throw new Error(
    'ADMIN_API_KEY is no key of a deployment: it holds a blank, a line break or a letter outside ASCII.',
  )
}

const addressOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.pathname.startsWith('/mcp/'))
    throw new Error('This is an MCP URL: name the Worker by its address alone, without path and token.')
  const plain = url?.protocol === 'http:' && LOOPBACK.has(url.hostname)
  if (url?.protocol === 'https:' || plain) return url!.origin
  throw new Error(
    'Name the Worker by its https address: npm run connect -- https://finexio-mcp.example.workers.dev',
  )
}

/** A date of the API has four digits of a year. */
const LATEST = Date.UTC(9999, 0)

const lifetimeOf = (hours: string | undefined): number | null => {
  if (hours === undefined) return null
  const lifetime = /^\d+(?:\.\d+)?$/.test(hours) ? Number(hours) * HOUR_MS : Number.NaN
  // A little more than the least, for the way to the Worker.
  if (lifetime > LEAST_MS && Date.now() + lifetime < LATEST) return lifetime
  throw new Error(
    `--hours must be a number of hours such as 8 or 0.5, more than a minute and no thousands of years, but it is "${hours}".`,
  )
}

export const OPTIONS = {
  name: { type: 'string', default: 'Finexio' },
  hours: { type: 'string' },
  again: { type: 'boolean', default: false },
} as const

/** What stood on the command line: the Worker's address, and the options. */
type Given = { argument: string; values: { name: string; hours?: string | undefined; again: boolean } }

/** @throws naming all that is missing or wrong, and how to say it */
export const readOptions = ({ argument, values }: Given, environment: Values): Options => {
  const { baseUrl, setting, lifetimeMs } = allOf({
    baseUrl: () => addressOf(argument),
    setting: () => settingsIn(environment),
    lifetimeMs: () => lifetimeOf(values.hours),
  })
  return {
    api: { baseUrl, adminApiKey: setting.ADMIN_API_KEY },
    name: values.name,
    credentials: { username: setting.FINEXIO_USERNAME, password: setting.FINEXIO_PASSWORD },
    baseUrl: environment.FINEXIO_BASE_URL || null,
    lifetimeMs,
    again: values.again,
  }
}
