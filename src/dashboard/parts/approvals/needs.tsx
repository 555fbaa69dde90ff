/** What needs a person now, as the first page says it: a line each, with where to go. */
import { dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { grouped, plural } from '../../../core/words.ts'
import { quoted } from '../../../rules/sentences/row.ts'
import { wordsFor } from '../../../rules/sentences/tools.ts'
import { relative } from '../../format.ts'
import type { AccountUsage, Overview } from '../../shapes.ts'
import { Badge, type BadgeTone } from '../notes.tsx'
import { Table, When } from '../table.tsx'

/** An account as the first page sees it; `usage` null: this person does not see it. */
export type Seen = { overview: Overview; usage: AccountUsage | null }

export type Need = {
  tone: BadgeTone
  mark: string
  title: string
  account: string
  href: string
  action: string
}

const serverName = (name: string): string => quoted(oneLine(name))

const accountPath = (id: string) => `/dashboard/accounts/${encodeURIComponent(id)}`

const WINDOWS = {
  per_day: 'in 24 hours',
  per_30_days: 'in 30 days',
  per_supplier_day: 'to one supplier in 24 hours',
} as const

type Limit = NonNullable<Overview['limits']>[number]

const limitWords = ({ limit, unit, used, most, mcp_server_name }: Limit): string => {
  const words = (value: number) => (unit === 'cents' ? dollars(value) : grouped(value))
  const what = unit === 'cents' ? '' : ' invoices'
  return `${mcp_server_name === null ? 'All MCP servers' : serverName(mcp_server_name)}: ${words(used)} of ${words(most)}${what} ${WINDOWS[limit]}`
}

/** Calls of today and yesterday. */
const recentCalls = (usage: AccountUsage | null) => {
  const days = (usage?.days ?? []).slice(-2)
  const sum = (of: (day: (typeof days)[number]) => number) => days.reduce((total, day) => total + of(day), 0)
  return { calls: sum(({ calls }) => calls), errors: sum(({ errors }) => errors) }
}

const ofMoney = ({ overview: { id, name: account, unknown_writes, payees_changed } }: Seen): Need[] => {
  const [needs, unknown]: [Need[], number] = [[], unknown_writes ?? 0]
  if (unknown > 0)
    needs.push({
      tone: 'bad',
      mark: 'outcome unknown',
      title: `Nobody knows what became of ${plural(unknown, 'write')}`,
      href: '/dashboard/unknown-writes',
      action: 'Find out',
      account,
    })
  if (payees_changed > 0)
    needs.push({
      tone: 'bad',
      mark: 'payee changed',
      title: `How ${plural(payees_changed, 'supplier')} ${payees_changed === 1 ? 'is' : 'are'} paid changed while an invoice was, or may be, unpaid`,
      href: `/dashboard/payees/${encodeURIComponent(id)}?state=changed`,
      action: 'Look at them',
      account,
    })
  return needs
}

const ofService = ({ overview: { id, name: account, status }, usage }: Seen): Need[] => {
  const { calls, errors } = recentCalls(usage)
  const [needs, path]: [Need[], string] = [[], accountPath(id)]
  if (status === 'needs_reauth')
    needs.push({
      tone: 'bad',
      mark: 'credentials refused',
      title: 'Finexio refused the stored credentials: every call is refused until they are renewed',
      href: `${path}/settings`,
      action: 'Renew them',
      account,
    })
  if (errors > 0)
    needs.push({
      tone: '',
      mark: 'calls',
      title: `${grouped(errors)} of ${plural(calls, 'call')} since yesterday ${errors === 1 ? 'was' : 'were'} refused or failed`,
      href: `${path}/activity?type=mcp`,
      action: 'See the calls',
      account,
    })
  return needs
}

const ofLimits = ({ overview: { id, name: account, limits, ending } }: Seen): Need[] => {
  const path = accountPath(id)
  const at = (server: string | null) => (server === null ? `${path}/settings` : `${path}/servers/${server}`)
  return [
    ...(limits ?? []).map((limit) => ({
      tone: 'warn' as const,
      mark: 'limit nearly used',
      title: limitWords(limit),
      href: at(limit.mcp_server_id),
      action: 'See the limits',
      account,
    })),
    ...(ending ?? []).map(({ id: server, name, expires_at }) => ({
      tone: 'warn' as const,
      mark: 'URL ends',
      title: `${serverName(name)} ends ${relative(expires_at, Date.now())}`,
      href: at(server),
      action: 'Open it',
      account,
    })),
  ]
}

/** Money first, then what stands still, then what soon will. */
export const needsOf = (seen: readonly Seen[]): Need[] => [
  ...seen.flatMap(ofMoney),
  ...seen.flatMap(ofService),
  ...seen.flatMap(ofLimits),
]

/** @param several whether accounts are told apart */
export const Needs = ({ needs, several }: { needs: readonly Need[]; several: boolean }) => (
  <ul class="needs">
    {needs.map(({ tone, mark, title, account, href, action }) => (
      <li>
        <Badge tone={tone}>{mark}</Badge>
        <span>
          {title}
          {several && <span class="sub">{account}</span>}
        </span>
        <a href={href}>{action}</a>
      </li>
    ))}
  </ul>
)

type Waiting = NonNullable<Overview['approvals']>['first'][number]
export type PlacedWaiting = Waiting & { account: string }

/** Those that this person may decide first, then the oldest. */
export const waitingOf = (seen: readonly Seen[]): PlacedWaiting[] =>
  seen
    .flatMap(({ overview: { name, approvals } }) =>
      (approvals?.first ?? []).map((one) => ({ ...one, account: name })),
    )
    .sort((a, b) => Number(b.mine) - Number(a.mine) || (a.created_at < b.created_at ? -1 : 1))

/** What it would do, by the names of whom it is about as far as they were read. */
const whatOf = ({ tool, total_cents, suppliers, supplier_name, target, target_name }: Waiting): string => {
  if (total_cents > 0)
    return `${dollars(total_cents)} to ${supplier_name === null ? plural(suppliers, 'supplier') : quoted(supplier_name)}`
  const of = target_name === null ? target : quoted(target_name)
  return wordsFor(tool).noun + (of === null ? '' : `: ${of}`)
}

/** @param several whether accounts are told apart */
export const WaitingTable = ({ rows, several }: { rows: readonly PlacedWaiting[]; several: boolean }) => (
  <Table
    caption="Writes that wait for approval"
    columns={['What', 'Drafted by', 'Waits since', 'Who decides']}
    rows={rows.map((one) => [
      <>
        <a href={`/dashboard/approval/${encodeURIComponent(one.id)}`}>{whatOf(one)}</a>
        {several && <span class="sub">{one.account}</span>}
      </>,
      oneLine(one.mcp_server_name),
      <When at={one.created_at} />,
      one.mine ? <Badge tone="warn">you may decide</Badge> : <span class="soft">another person</span>,
    ])}
  />
)
