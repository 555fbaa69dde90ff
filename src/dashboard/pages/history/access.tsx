/** Access on date: who could do what on a day, of every account that the reader may audit; as a page and for a spreadsheet. */
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono/tiny'
import { csvCutLine, streamed } from '../../../api/log/stream.ts'
import { csvHead, csvLine } from '../../../core/csv.ts'
import { oneLine } from '../../../core/text.ts'
import { dayIn } from '../../../core/zone.ts'
import { zoneOf } from '../../../identity/zone.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { Badge, Empty, LinkButton } from '../../parts/notes.tsx'
import { hasOne, page } from '../../parts/page.tsx'
import { Older } from '../../parts/table.tsx'
import { Moment } from '../../parts/time.tsx'
import { Refused } from '../../refused.ts'
import type { AccountHistory, AccountsAt } from '../../shapes.ts'
import { accountPath } from '../account-head.tsx'
import { AccessTables, Unknown } from './access-tables.tsx'
import { DayForm, dayAsked, NotWhole } from './parts.tsx'
import {
  actedIn,
  approvalIn,
  callers,
  couldDo,
  isBefore,
  isKnown,
  personIn,
  roleWords,
  stateIn,
  switchesIn,
  throughWords,
  underLimits,
} from './words.ts'

const PATH = '/dashboard/access'
/** So many stay below 40 kilobytes with all that the page loads, unless they have very many servers. */
const PER_PAGE = '5'

type AccountThen = AccountsAt['result'][number]
type Shown = { account: AccountThen; history: AccountHistory }
type Past = Pick<AccountsAt, 'at' | 'whole' | 'missing' | 'kept_since'> & {
  shown: Shown[]
  next: string | null
}

/** Some accounts as they were, also those that were disconnected since. @param from where the page before ended */
const pastOf = async (c: C, from: string | undefined): Promise<Past> => {
  const api = c.get('api')
  const { at, since } = dayAsked(c)
  const query = { at, since, limit: PER_PAGE, next_cursor: from }
  const {
    result,
    next_cursor,
    at: then,
    whole,
    missing,
    kept_since,
  } = await api.get<AccountsAt>(['history', 'accounts'], query)
  const shown = result.map(async (account) => ({
    account,
    history: await api.get<AccountHistory>(['integrated-account', account.id, 'history'], {
      at,
      since,
      limit: '1',
    }),
  }))
  return { shown: await Promise.all(shown), next: next_cursor, at: then, whole, missing, kept_since }
}

type OneProps = { one: Shown; others: readonly Shown[] }

/** @param others above it: people who are the same are said once */
const OneAccount = ({ one, others }: OneProps) => {
  const { account, history } = one
  const people = JSON.stringify(history.people)
  const like = others.find((other) => JSON.stringify(other.history.people) === people)
  return (
    <section class="stack" aria-labelledby={`account-${account.id}`}>
      <div class="row">
        <h2 id={`account-${account.id}`}>
          <a href={`${accountPath(account.id)}/history`}>{oneLine(account.name)}</a>
        </h2>
        {account.until ? (
          <Badge>
            disconnected <Moment at={account.until} />
          </Badge>
        ) : (
          account.disconnected && <Badge>disconnected since</Badge>
        )}
      </div>
      <NotWhole {...history} />
      <AccessTables history={history} likeThoseOf={like?.account.name ?? null} />
      <p>
        <a class="more" href={`${accountPath(account.id)}/history/changes?on=${history.at}`}>
          What changed up to then
        </a>
      </p>
    </section>
  )
}

const addressOf = (path: string, query: Record<string, string | undefined>): string => {
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined)
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

const show = async (c: C) => {
  const { on } = dayAsked(c)
  const { shown, next, ...known } = await pastOf(c, c.req.query('from'))
  return page(
    c,
    {
      title: 'Access on date',
      place: 'access',
      lead: 'Who could move money, through which URL, under which limits; who could approve, manage and read. Read back from the audit trail alone, also for accounts that were disconnected since.',
      actions: <LinkButton href={addressOf(`${PATH}/export`, { on })} label="Export CSV" />,
    },
    <>
      <DayForm on={on} label="Access on" />
      <NotWhole {...known} />
      {shown.length === 0 &&
        (isBefore(known) ? (
          <Unknown {...known} />
        ) : (
          <Empty icon="account" title="There was no account then that you may audit" />
        ))}
      {shown.map((one, index) => (
        <OneAccount one={one} others={shown.slice(0, index)} />
      ))}
      <Older href={next && addressOf(PATH, { on, from: next })} label="More accounts" />
    </>,
  )
}

const COLUMNS = [
  'moment (UTC)',
  'account',
  'account id',
  'disconnected',
  'kind',
  'name',
  'id',
  'could',
  'could move money',
  'limits',
  'approval',
  'who could call',
  'by',
  'state',
  'writes',
  'complete',
]

const linesOf = ({ account, history }: Shown): string[] => {
  const gone = account.until ?? (account.disconnected ? 'yes' : 'no')
  const before = [history.at, account.name, account.id, gone]
  const complete = history.whole ? 'yes' : history.missing.join(' ')
  if (!isKnown(history)) return [csvLine([...before, ...Array(10).fill(''), 'not known', complete])]
  const after = [switchesIn(history), complete]
  const servers = history.servers.map((server) =>
    csvLine([
      ...before,
      ...['MCP server', server.name, server.id, couldDo(server), server.moves_money ? 'yes' : 'no'],
      ...[
        underLimits(server, history.account),
        approvalIn(server),
        callers(server, history),
        '',
        stateIn(server),
      ],
      ...after,
    ]),
  )
  const people = history.people.flatMap(({ id, roles, ...person }) =>
    roles.map(({ role, through, until }) =>
      csvLine([
        ...before,
        ...[person.kind, personIn(person).name, id, roleWords(role), '', '', '', '', throughWords(through)],
        ...[until ? `until ${until}` : actedIn(person), ...after],
      ]),
    ),
  )
  return [...servers, ...people]
}

/** Says in a line of its own that there may have been accounts that no line is about. */
const unlisted = ({ at, whole, missing }: Omit<Past, 'shown' | 'next'>): string[] =>
  whole ? [] : [csvLine([at, 'other accounts', ...Array(COLUMNS.length - 3).fill(''), missing.join(' ')])]

/** Where one page of accounts ended. */
type Cursor = { from: string }

const download = (c: C) => {
  const part = async (cursor: Cursor | null) => {
    const { shown, next, ...known } = await pastOf(c, cursor?.from)
    const lines = [...(cursor === null ? unlisted(known) : []), ...shown.flatMap(linesOf)]
    return { lines: lines.join(''), rows: lines.length, next: next === null ? null : { from: next } }
  }
  const begin = c.req.query('next_cursor')
  const body = streamed<Cursor>(csvHead(COLUMNS), part, {
    from: begin ? { from: begin } : null,
    cutLine: ({ from }) => csvCutLine(from),
  })
  const day = (dayAsked(c).on ?? dayIn(zoneOf(c), Date.now())).replaceAll(':', '-')
  return c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="access-on-${day}.csv"`,
  })
}

const forAuditors: MiddlewareHandler<Dash> = async (c, next) => {
  if (!hasOne(c.get('session').actor, ['audit']))
    throw new Refused(403, 'This needs the role audit for an account.')
  await next()
}

export const accessPage: Page = {
  link: { place: 'access', label: 'Access on date', icon: 'secret', roles: ['audit'] },
  routes: new Hono<Dash>()
    .use('/access', forAuditors)
    .use('/access/*', forAuditors)
    .get('/access', show)
    .get('/access/export', download),
}
