/** What the pages about the past share: the choice of a day, what is not known of it, and changes with who made them. */
import { clockTime, dayIn, dayRange, timeIn } from '../../../core/zone.ts'
import { zoneOf } from '../../../identity/zone.ts'
import type { C } from '../../app-type.ts'
import { Field } from '../../parts/form.tsx'
import { Note } from '../../parts/notes.tsx'
import { Table } from '../../parts/table.tsx'
import { MomentThen, ZoneContext } from '../../parts/time.tsx'
import { accountPath } from '../account-head.tsx'
import type { Around } from '../settings-words.ts'
import { type PastChange, titleOf, toldIn } from './words.ts'

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/**
 * What the address asks about: a day, of which the last moment counts where the reader is, with a time or as a moment that moment.
 * Both undefined: now; any other text is neither. `on`: the same for another address. `since`: the first moment of a day; undefined: a moment was asked about.
 */
export const dayAsked = (
  c: C,
): { on: string | undefined; at: string | undefined; since: string | undefined } => {
  const [on = '', time = ''] = [c.req.query('on'), c.req.query('time')]
  const moment = MOMENT.test(on) && !Number.isNaN(Date.parse(on)) ? on : clockTime(zoneOf(c), on, time)
  if (moment) return { on: moment, at: moment, since: undefined }
  const range = dayRange(zoneOf(c), on)
  if (!range) return { on: undefined, at: undefined, since: undefined }
  const [from, before, now] = [Date.parse(range.from), Date.parse(range.before), Date.now()]
  // The end of a day that is not over has not come yet, and is refused: of today now is asked about.
  const isToday = from <= now && now < before
  return { on, at: isToday ? undefined : new Date(before - 1).toISOString(), since: range.from }
}

/** Day and time of what was asked, as fields hold them. */
const fieldsOf = (on: string): { day: string; time: string } => {
  const [zone, at] = [ZoneContext.read(), Date.parse(on)]
  return MOMENT.test(on) ? { day: dayIn(zone, at), time: timeIn(zone, at) } : { day: on, time: '' }
}

/** Asks for the page as it was at a moment, or at the end of a day. */
export const DayForm = ({ on = '', label }: { on: string | undefined; label: string }) => (
  <form method="get" class="card filters" aria-label={label}>
    <Field label={`${label} (${ZoneContext.read()})`} name="on" type="date" value={fieldsOf(on).day} />
    <Field label="At (empty: end of the day)" name="time" type="time" step="1" value={fieldsOf(on).time} />
    <button type="submit">Show</button>
  </form>
)

/** Said where something is missing. */
export const NotWhole = ({ whole, missing }: { whole: boolean; missing: readonly string[] }) =>
  whole ? null : (
    <Note tone="warn" title="This is not the whole of it">
      {missing.map((sentence) => (
        <p>{sentence}</p>
      ))}
    </Note>
  )

/** Which trail keeps a row: that of the deployment has people, API tokens and what holds for all accounts. */
const isOfDeployment = ({ target }: PastChange): boolean =>
  ['person', 'api_token', 'deployment'].includes(target.kind)

/** The row of the trail, as it is kept: what was changed as the API names it, by which call. */
const Row = ({ change, account }: { change: PastChange; account: string }) => {
  const path = isOfDeployment(change)
    ? '/dashboard/activity/row?in=deployment&'
    : `${accountPath(account)}/activity/row?`
  return (
    <a class="more" href={`${path}at=${Date.parse(change.at)}&seq=${change.seq}`}>
      {`Details of row ${change.seq}`}
    </a>
  )
}

const Differences = ({ change, around }: { change: PastChange; around: Around }) => (
  <>
    <p>
      <b>{titleOf(change, around)}</b>
    </p>
    {change.made !== 'removed' &&
      toldIn(change, around).map(({ label, before, after }) => (
        <p class="wrap">
          <span class="soft">{`${label}: `}</span>
          {change.made === 'created' ? (
            after
          ) : (
            <>
              <del>{before}</del> → <ins>{after}</ins>
            </>
          )}
        </p>
      ))}
  </>
)

const Who = ({ actor, agreed_by, reason }: PastChange) => (
  <>
    {actor.name}
    {agreed_by && <span class="sub">{`agreed by ${agreed_by.name}`}</span>}
    {reason && <span class="sub">{`“${reason}”`}</span>}
  </>
)

type ChangesProps = {
  changes: readonly PastChange[]
  /** Id of the account whose history it is. */
  account: string
  /** Whether the reader may look into the deployment's trail. */
  whole: boolean
  around: Around
  caption: string
  empty: string
}

/** Changes, newest first: what each setting was and became, who did it, and who agreed. */
export const Changes = ({ changes, account, whole, around, caption, empty }: ChangesProps) =>
  changes.length === 0 ? (
    <p class="soft">{empty}</p>
  ) : (
    <Table
      caption={caption}
      columns={['When', 'What changed', 'Who']}
      plain
      rows={changes.map((change) => [
        <MomentThen at={change.at} seconds path="" />,
        <>
          <Differences change={change} around={{ ...around, zone: ZoneContext.read() }} />
          {(whole || !isOfDeployment(change)) && <Row change={change} account={account} />}
        </>,
        <Who {...change} />,
      ])}
    />
  )
