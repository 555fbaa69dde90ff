/** Who could do what with one account at a moment: its servers, and its people. */
import { momentIn } from '../../../core/zone.ts'
import { Badge, Empty } from '../../parts/notes.tsx'
import { Table } from '../../parts/table.tsx'
import { ZoneContext } from '../../parts/time.tsx'
import type { AccountHistory } from '../../shapes.ts'
import { accountPath } from '../account-head.tsx'
import {
  approvalIn,
  callers,
  couldDo,
  roleWords,
  stateIn,
  switchesIn,
  throughWords,
  underLimits,
} from './words.ts'

const Servers = ({ history }: { history: AccountHistory }) =>
  history.servers.length === 0 ? (
    <Empty icon="server" title="There was no MCP server: nothing could be called" />
  ) : (
    <Table
      caption="MCP servers at that moment"
      columns={['MCP server', 'Could', 'Limits', 'Approval', 'Who could call', 'State']}
      rows={history.servers.map((server) => [
        <>
          <a href={`${accountPath(history.integrated_account_id)}/servers/${server.id}/history`}>
            {server.name}
          </a>{' '}
          {server.moves_money && <Badge tone="money">could move money</Badge>}
        </>,
        couldDo(server),
        underLimits(server, history.account),
        approvalIn(server),
        callers(server, history),
        stateIn(server) +
          (server.expires_at ? `; ends ${momentIn(ZoneContext.read(), server.expires_at)}` : ''),
      ])}
    />
  )

const People = ({ people }: Pick<AccountHistory, 'people'>) =>
  people.length === 0 ? (
    <Empty icon="person" title="Nobody held a role for this account" />
  ) : (
    <Table
      caption="People and systems with a role at that moment"
      columns={['Who', 'Could', 'By']}
      rows={people.map(({ name, kind, roles }) => [
        <>
          {name}
          <span class="sub">{kind}</span>
        </>,
        [...new Set(roles.map(({ role }) => roleWords(role)))].join('; '),
        [
          ...new Set(
            roles.map(
              ({ through, until }) =>
                throughWords(through) + (until ? ` until ${momentIn(ZoneContext.read(), until)}` : ''),
            ),
          ),
        ].join('; '),
      ])}
    />
  )

const DECIDES = {
  second: 'Letting more through needed a second person.',
  one: 'One person could let more through alone.',
} as const

export const AccessTables = ({ history }: { history: AccountHistory }) => (
  <>
    <p>
      {switchesIn(history)} {history.who_decides.second_person_for_settings ? DECIDES.second : DECIDES.one}
    </p>
    <Servers history={history} />
    <People people={history.people} />
  </>
)

/** Names of everybody that an answer knows. */
export const namesIn = ({ people }: Pick<AccountHistory, 'people'>): Record<string, string> =>
  Object.fromEntries(people.map(({ id, name }) => [id, name]))
