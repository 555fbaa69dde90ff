/** The banner of every page while writes are stopped: who stopped them, when and why. */
import type { Child } from '../../core/jsx-runtime.ts'
import { oneLine } from '../../core/text.ts'
import { ROOT } from '../../identity/actor.ts'
import type { Session } from '../../identity/session.ts'
import { accountsWith, holds, ROLES } from '../../rules/who/roles.ts'
import { Note } from './notes.tsx'
import { When } from './table.tsx'
import { Moment } from './time.tsx'

type Stop = NonNullable<Session['deployment']['stop']>

/** @param stop null: a version that kept no name stopped them */
const ByWhom = ({ stop, children }: { stop: Stop | null; children?: Child }) => {
  if (!stop) return <>It is not known who stopped them. {children}</>
  const at = new Date(stop.at).toISOString()
  return (
    <>
      {`${stop.by === ROOT.name ? 'The admin key' : oneLine(stop.by)} stopped them `}
      <When at={at} />
      {' ('}
      <Moment at={at} />
      {stop.reason === null ? '). ' : `): “${oneLine(stop.reason, 500)}” `}
      {children}
    </>
  )
}

/** Of one account; its own pages show it also where nobody knows who it was. */
export const StoppedAccount = ({ name, id, stop }: { name: string; id: string; stop: Stop | null }) => (
  <Note tone="warn" title={`No write leaves the account ${oneLine(name)}`}>
    <ByWhom stop={stop}>
      <a href={`/dashboard/accounts/${encodeURIComponent(id)}/settings`}>Its settings</a>
    </ByWhom>
  </Note>
)

/** Of the deployment, and of every account that this person has to do with. */
export const StoppedBanner = ({ session: { actor, deployment, stopped } }: { session: Session }) => {
  const own = accountsWith(actor.grants, ROLES)
  const mine = stopped.filter(({ id }) => own === null || own.includes(id))
  return (
    <>
      {deployment.writes_stopped && (
        <Note tone="warn" title="No write leaves this deployment">
          <ByWhom stop={deployment.stop}>
            Agents that try get an answer that says so. Reads go on.{' '}
            {holds(actor.grants, 'audit', null) && <a href="/dashboard/stop">The switch</a>}
          </ByWhom>
        </Note>
      )}
      {mine.map(({ id, name, stop }) => (
        <StoppedAccount id={id} name={name} stop={stop} />
      ))}
    </>
  )
}
