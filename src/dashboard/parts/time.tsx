/** Times in the zone of the reader, which is always named; UTC on hover. */
import { createContext } from '../../core/jsx-runtime.ts'
import { momentIn } from '../../core/zone.ts'

/** The zone of every time on the page. */
export const ZoneContext = createContext('UTC')

type MomentProps = {
  at: string
  /** Whether seconds are shown, and the year is not. */
  seconds?: boolean
}

/** `28 Nov 2026, 19:50 GMT+1`. */
export const Moment = ({ at, seconds = false }: MomentProps) => (
  <time datetime={at} title={momentIn('UTC', at)}>
    {momentIn(ZoneContext.read(), at, seconds ? 'seconds' : 'year')}
  </time>
)

/** A moment that leads to what an account's rules, people and limits were then. @param path of its history; null: for whoever may not audit it */
export const MomentThen = ({ path, ...moment }: MomentProps & { path: string | null }) =>
  path === null ? (
    <Moment {...moment} />
  ) : (
    <a href={`${path}?on=${moment.at}`}>
      <Moment {...moment} />
    </a>
  )
