/** An MCP server as it was: its settings, and what it let through by them. */
import * as z from 'zod'
import type { Past } from '../../account/audit/history.ts'
import type { Target, Values } from '../../rules/history/changes.ts'
import { type Approval, effectiveConfig, type ServerConfig } from '../../rules/server-settings.ts'
import { effectsOf } from '../../tools/visible/reach.ts'
import { time, uuid } from '../answers.ts'

export const PastServer = z
  .object({
    id: uuid,
    name: z.string(),
    state: z
      .enum(['in_force', 'asleep', 'ended', 'revoked', 'disconnected'])
      .describe(
        'asleep: its URL waited for another person; ended: its end had come; revoked, disconnected (with its account): within the time that was asked about.',
      ),
    waits_for: z
      .enum(['a second person', '24 hours'])
      .optional()
      .describe('Of what was asleep. 24 hours: the admin key asked, and unless canceled it acts by itself.'),
    effects: z
      .array(z.enum(['read', 'write', 'money']))
      .describe(
        'What its tools may do by these settings, as the tools are today; money: pay, or change who is paid.',
      ),
    moves_money: z
      .boolean()
      .describe(
        'Whether money could leave: in force, with such a tool, the account not read-only, no writes stopped.',
      ),
    config: z.looseObject({}).describe('Its own settings, values masked as everywhere.'),
    approval: z.unknown().describe('The approval rule that applied: its own, or that of the account.'),
    needs_api_token: z.boolean().describe('false: whoever had the URL could call.'),
    holder: z
      .object({ id: uuid, name: z.string(), kind: z.string() })
      .nullable()
      .describe('Who worked through it; null: nobody was named.'),
    expires_at: time.nullable(),
    from: time
      .nullable()
      .optional()
      .describe('Where a time was asked about: when it was made within it; null: before.'),
    until: time.optional().describe('When it ended within that time.'),
  })
  .meta({ id: 'PastServer' })

type Settings = Target & { values: Values }

/** What a sleeping server waits for, by who let it sleep. */
const waitsFor = (changes: Past['changes'], id: string): '24 hours' | 'a second person' => {
  const slept = changes.find(
    ({ target, changes }) =>
      target.kind === 'mcp_server' &&
      target.id === id &&
      changes.some(({ key, after }) => key === 'asleep' && after !== null),
  )
  return slept?.by.actor_kind === 'root' ? '24 hours' : 'a second person'
}

/** Settings of the account itself as they were; empty where nothing is known. */
export const accountIn = ({ settings }: Pick<Past, 'settings'>): Values =>
  settings.find(({ kind }) => kind === 'integrated_account')?.values ?? {}

/** Its own settings, as a configuration. */
export const configOf = ({ values }: Pick<Settings, 'values'>): ServerConfig => {
  const { name: _name, expires_at: _end, holder: _holder, asleep: _asleep, ...config } = values
  return config as ServerConfig
}

/** @param stopped whether the deployment's switch stopped all writes */
export const pastServer = (
  past: Pick<Past, 'settings' | 'changes'>,
  { id, values }: Settings,
  at: number,
  stopped = false,
): z.infer<typeof PastServer> => {
  const account = accountIn(past)
  const { name, expires_at = null, holder = null, asleep } = values
  const config = configOf({ values })
  const ended = expires_at !== null && Date.parse(String(expires_at)) <= at
  const state = ended ? 'ended' : asleep === undefined ? 'in_force' : 'asleep'
  const applied = effectiveConfig(config, {
    approval: (account.approval ?? 'none') as Approval,
    payees: (account.payees ?? 'open') as 'open' | 'verified',
  })
  const effects = effectsOf(applied)
  const held = account.read_only === true || account.writes_stopped === true || stopped
  return {
    id,
    name: String(name),
    state,
    ...(state === 'asleep' && { waits_for: waitsFor(past.changes, id) }),
    effects,
    moves_money: state === 'in_force' && effects.includes('money') && !held,
    config,
    approval: applied.approval ?? 'none',
    needs_api_token: applied.require_api_token_auth === true,
    holder: holder as z.infer<typeof PastServer>['holder'],
    expires_at: expires_at as string | null,
  }
}
