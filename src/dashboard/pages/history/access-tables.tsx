/** Who could do what with one account at a moment: its servers, and its people. */
import { momentIn } from '../../../core/zone.ts'
import { Badge, Empty } from '../../parts/notes.tsx'
import { Table } from '../../parts/table.tsx'
import { ZoneContext } from '../../parts/time.tsx'
import { Refused } from '../../refused.ts'
import type { AccountHistory } from '../../shapes.ts'
import { accountPath } from '../account-head.tsx'
import {
  actedIn,
  approvalIn,
  callers,
  couldBriefly,
  decidesIn,
  isKnown,
  type KnownHistory,
  ownLimits,
  personIn,
  roleWords,
  sharedLimits,
  stateIn,
  switchesIn,
  throughWords,
} from './words.ts'

const Servers = ({ history }: { history: KnownHistory }) =>
  history.servers.length === 0 ? (
    <Empty icon="server" title="There was no MCP server: nothing could be called" />
  ) : (
    <Table
      caption={
        history.servers.some(({ from }) => from !== undefined)
          ? 'MCP servers of that day'
          : 'MCP servers at that moment'
      }
      columns={['MCP server', 'Could', 'Limits', 'Approval', 'Who could call', 'State']}
      rows={history.servers.map((server) => [
        <>
          <a href={`${accountPath(history.integrated_account_id)}/servers/${server.id}/history`}>
            {server.name}
          </a>{' '}
          {server.moves_money && <Badge tone="money">could move money</Badge>}
        </>,
        couldBriefly(server),
        ownLimits(server),
        approvalIn(server),
        callers(server, history),
        stateIn(server, (moment) => momentIn(ZoneContext.read(), moment)) +
          (server.expires_at ? `; ends ${momentIn(ZoneContext.read(), server.expires_at)}` : ''),
      ])}
    />
  )

const People = ({ people }: Pick<KnownHistory, 'people'>) => (
  <Table
    caption="People and systems with a role at that moment"
    columns={['Who', 'Could', 'By']}
    rows={people.map(({ roles, ...person }) => [
      <>
        {personIn(person).name}
        <span class="sub">{personIn(person).kind}</span>
      </>,
      [...new Set(roles.map(({ role }) => roleWords(role)))].join('; '),
      [
        ...new Set(
          roles.map(
            ({ through, until }) =>
              throughWords(through) + (until ? ` until ${momentIn(ZoneContext.read(), until)}` : ''),
          ),
        ),
        ...[actedIn(person, (moment) => momentIn(ZoneContext.read(), moment))].filter(Boolean),
      ].join('; '),
    ])}
  />
)

type TablesProps = {
  history: AccountHistory
  /** Name of another account that the same people had the same roles for, shown above. */
  likeThoseOf?: string | null
}

export const AccessTables = ({ history, likeThoseOf = null }: TablesProps) =>
  isKnown(history) ? <Known history={history} likeThoseOf={likeThoseOf} /> : <Unknown {...history} />

/** Said in place of what no row tells. */
export const Unknown = ({ kept_since }: Pick<AccountHistory, 'kept_since'>) => (
  <p>
    {kept_since === null
      ? 'Not known: the trail keeps nothing of settings.'
      : `Not known: the trail begins on ${momentIn(ZoneContext.read(), kept_since)}.`}
  </p>
)

const Known = ({ history, likeThoseOf }: { history: KnownHistory; likeThoseOf: string | null }) => (
  <>
    <p>
      {switchesIn(history)} {decidesIn(history)}
    </p>
    {sharedLimits(history.account) && <p>{`Limits of ${sharedLimits(history.account)}.`}</p>}
    <Servers history={history} />
    {likeThoseOf === null ? (
      <People people={history.people} />
    ) : (
      <p class="soft">{`The same people had the same roles as for ${likeThoseOf}.`}</p>
    )}
  </>
)

/** Names of everybody that an answer knows. */
export const namesIn = ({ people }: Pick<AccountHistory, 'people'>): Record<string, string> =>
  Object.fromEntries((people ?? []).map(({ id, name }) => [id, name]))

/** An account's own name, of one that is gone the last that it had. */
export const nameThen = ({ account, changes }: Pick<AccountHistory, 'account' | 'changes'>): string => {
  const named =
    account?.name ?? changes.find(({ target }) => target.kind === 'integrated_account')?.target.name
  return typeof named === 'string' ? named : 'an account that is gone'
}

/** Null for what is not there any more. */
export const orGone = async <Answer,>(asked: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    throw error
  }
}
