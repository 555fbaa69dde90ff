/** A change of settings that waits, in words: what each setting was and would be. Pure. */
import { isObject } from '../../core/json.ts'
import { grouped, plural } from '../../core/words.ts'
import { momentIn } from '../../core/zone.ts'
import { type ServerConfig, ServerConfigInput } from '../../rules/server-settings.ts'
import { nameIn } from '../parts/principals.ts'
import { roleFor } from '../role-words.ts'
import type { SettingsDraft } from '../shapes.ts'
import { approvalWords, differencesOf, limitsWords } from './server-form/words.ts'

export type Told = { label: string; before: string; after: string }

/** Names of accounts, and of people and systems, by id. */
export type Around = {
  accounts: ReadonlyMap<string, string>
  names: Record<string, string> | undefined
  /** In which times are said. */
  zone?: string
}
type Says = (value: unknown, around: Around) => string
type Loosened = SettingsDraft['loosens'][number]

const ends: Says = (at, { zone = 'UTC' }) => (at === null ? 'never' : momentIn(zone, String(at)))
const list: Says = (value) => (Array.isArray(value) ? value.map(String).join(', ') || 'none' : String(value))
const yes =
  (on: string, off: string): Says =>
  (value) =>
    value === true ? on : off

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const rolesIn: Says = (value, around) =>
  list(
    (value as string[]).map((grant) => roleFor(grant, around.accounts)),
    around,
  )

/** Which roles each group of the company gives. */
const groups: Says = (value, around) => {
  const { claim, map } = value as { claim?: unknown; map?: unknown }
  if (!isObject(map)) return plain(value)
  return (
    Object.entries(map)
      .map(([group, grants]) => `${String(claim)} “${group}”: ${rolesIn(grants, around)}`)
      .join('; ') || 'none'
  )
}

const person: Says = (id, { names }) => nameIn(names, String(id))

const WORDS: Readonly<Record<string, readonly [label: string, says: Says, nothing?: string]>> = {
  approval: ['Approval by a person', (value) => approvalWords(value as ServerConfig['approval'])],
  name: ['Name', String],
  limits: ['Limits of the account', (value) => limitsWords(value as NonNullable<ServerConfig['limits']>)],
  payees: ['Payees', (value) => (value === 'verified' ? 'only those somebody vouched for' : 'open')],
  audit_retention_days: ['How long the trail is kept', (days) => plural(Number(days), 'day')],
  audit_max_mb: ['Largest size of the trail', (size) => `${grouped(Number(size))} MB`],
  credentials: ['Credentials at Finexio', String],
  value: ['User name and password', String],
  token: ['URL', String],
  asleep: ['Asleep', () => 'yes: it lets nobody in', 'no'],
  email: ['E-mail', String],
  kind: ['Kind', String],
  mapped_grants: ['Roles by the company’s groups', rolesIn],
  mapped_until: ['Those last until', ends],
  issuers: [
    'Issued by',
    (ids, around) =>
      list(
        (ids as string[]).map((id) => person(id, around)),
        around,
      ),
  ],
  oidc_roles: ['Roles by the company’s groups', groups],
  read_only: ['Read only', yes('yes: no write leaves', 'no')],
  writes_stopped: ['Writes', yes('stopped', 'may leave')],
  'credentials.username': ['User name at Finexio', String],
  base_url: ['Address of Finexio', String],
  allowed_hosts: ['Hosts that it may be sent to', list],
  second_person_for_settings: [
    'A second person for settings',
    yes('needed for what lets more through', 'not needed'),
  ],
  one_person: ['One person', person, 'no: there are several'],
  grants: ['Roles', rolesIn],
  issuer: ['Identity provider', String],
  subject: ['Subject there', String],
  disabled: ['Disabled', yes('yes: every key of theirs is refused', 'no')],
  holder: ['Holder', (id, { names }) => names?.[String(id)] ?? String(id)],
  expires_at: ['Ends', ends, 'never'],
  url: ['URL', String],
}

const isConfig = (key: string): boolean => key in ServerConfigInput.shape

const told = ({ key, before, after }: Loosened, around: Around): Told => {
  const [label, says, nothing = 'none'] = WORDS[key] ?? [key, plain]
  const words = (value: unknown) => (value === null ? nothing : says(value, around))
  return { label, before: words(before), after: words(after) }
}

const ofServer = (loosens: readonly Loosened[], { names = {}, zone }: Around): Told[] => {
  const side = (which: 'before' | 'after') => {
    const set = loosens.filter((one) => one[which] !== null)
    const at = (key: string) => (set.find((one) => one.key === key)?.[which] as string | undefined) ?? null
    const config = Object.fromEntries(
      set.filter(({ key }) => isConfig(key)).map((one) => [one.key, one[which]]),
    )
    return { name: '', config: config as ServerConfig, holder: at('holder'), expires_at: at('expires_at') }
  }
  // What an account asks for was filled in before the two were compared.
  const around = { approval: 'none' as const, names: new Map(Object.entries(names)), ...(zone && { zone }) }
  return differencesOf(side('before'), side('after'), around)
}

/** What differs, and of what. */
type Differing = Pick<SettingsDraft, 'loosens'> & {
  target: { kind: string; id: string; name: string | null }
}

/** Each key with what stands there and what is to stand there. */
export const toldOf = ({ target, loosens }: Differing, around: Around): Told[] => {
  if (target.kind !== 'mcp_server') return loosens.map((one) => told(one, around))
  const others = loosens.filter(({ key }) => !isConfig(key) && key !== 'holder' && key !== 'expires_at')
  return [...ofServer(loosens, around), ...others.map((one) => told(one, around))]
}
