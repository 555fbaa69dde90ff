/** What the pages about the past share: the choice of a day, what is not known of it, and changes with who made them. */
import { dayRange } from '../../../core/zone.ts'
import type { C } from '../../app-type.ts'
import { Field } from '../../parts/form.tsx'
import { Empty, Note } from '../../parts/notes.tsx'
import { Table } from '../../parts/table.tsx'
import { Moment, ZoneContext } from '../../parts/time.tsx'
import { zoneOf } from '../../zone.ts'
import type { Around } from '../settings-words.ts'
import { type PastChange, titleOf, toldIn } from './words.ts'

/** The day of the address, and its last moment where the reader is; both undefined: now. Any other text is no day. */
export const dayAsked = (c: C): { day: string | undefined; at: string | undefined } => {
  const day = c.req.query('on')
  const range = day === undefined ? null : dayRange(zoneOf(c), day)
  return range
    ? { day, at: new Date(Date.parse(range.before) - 1).toISOString() }
    : { day: undefined, at: undefined }
}

/** Asks for the page as it was at the end of a day. */
export const DayForm = ({ day, label }: { day: string | undefined; label: string }) => (
  <form method="get" class="card filters" aria-label={label}>
    <Field
      label={`${label} (end of the day, ${ZoneContext.read()})`}
      name="on"
      type="date"
      value={day ?? ''}
    />
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

const Differences = ({ change, around }: { change: PastChange; around: Around }) => (
  <div class="stack tight">
    <b>{titleOf(change, around)}</b>
    {change.made !== 'removed' &&
      toldIn(change, around).map(({ label, before, after }) => (
        <span class="wrap">
          {`${label}: `}
          {change.made === 'created' ? (
            after
          ) : (
            <>
              <del>{before}</del> → <ins>{after}</ins>
            </>
          )}
        </span>
      ))}
  </div>
)

const Who = ({ actor, agreed_by, reason }: PastChange) => (
  <>
    {actor.name}
    {agreed_by && <span class="sub">{`agreed by ${agreed_by.name}`}</span>}
    {reason && <span class="sub">{`“${reason}”`}</span>}
  </>
)

type ChangesProps = { changes: readonly PastChange[]; around: Around; caption: string; empty: string }

/** Changes, newest first: what each setting was and became, who did it, and who agreed. */
export const Changes = ({ changes, around, caption, empty }: ChangesProps) =>
  changes.length === 0 ? (
    <Empty icon="activity" title={empty} />
  ) : (
    <Table
      caption={caption}
      columns={['When', 'What changed', 'Who']}
      rows={changes.map((change) => [
        <Moment at={change.at} />,
        <Differences change={change} around={{ ...around, zone: ZoneContext.read() }} />,
        <Who {...change} />,
      ])}
    />
  )
