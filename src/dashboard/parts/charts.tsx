/** Bars by day as inline SVG, with the numbers beside them for whoever does not see bars. */
import { dollars } from '../../core/money.ts'
import { grouped } from '../../core/words.ts'
import { shortDay } from '../format.ts'
import type { AccountUsage } from '../shapes.ts'
import { Table } from './table.tsx'

type Day = AccountUsage['days'][number]
type Figure<Of = Day> = {
  title: string
  tone: '' | 'bad' | 'warn' | 'info'
  of(day: Of): number
  words(value: number): string
}

const FIGURES: readonly Figure[] = [
  { title: 'Calls', tone: '', of: ({ calls }) => calls, words: grouped },
  { title: 'Errors', tone: 'bad', of: ({ errors }) => errors, words: grouped },
  { title: 'Rate limited', tone: 'warn', of: ({ throttled }) => throttled, words: grouped },
]
/** A day, and what was or may have been sent on it. */
export type MoneyDay = Pick<Day, 'day' | 'cents' | 'unsettled_cents'>

const SENT: Figure<MoneyDay> = {
  title: 'Accepted by Finexio',
  tone: 'info',
  of: ({ cents, unsettled_cents }) => cents - unsettled_cents,
  words: dollars,
}
const UNSETTLED: Figure<MoneyDay> = {
  title: 'Outcome unknown',
  tone: 'warn',
  of: ({ unsettled_cents }) => unsettled_cents,
  words: dollars,
}

/** What nobody knows of is never part of what was sent; shown where there is any. */
const unsettledIn = (days: readonly MoneyDay[]) =>
  days.some(({ unsettled_cents }) => unsettled_cents > 0) ? [UNSETTLED] : []

const [HEIGHT, STEP, BAR] = [88, 20, 14]

const Bars = ({ values, most }: { values: readonly number[]; most: number }) => (
  <>
    {values.map((value, index) => {
      const height = most === 0 || value === 0 ? 0 : Math.max(2, Math.round((value / most) * HEIGHT))
      return (
        height > 0 && <rect x={index * STEP + 3} y={HEIGHT - height} width={BAR} height={height} rx="2" />
      )
    })}
  </>
)

type ChartProps<Of extends { day: string }> = { figure: Figure<Of>; days: readonly Of[]; month?: boolean }

/** @param month whether the days are those of a whole month, today somewhere among them; else they end today */
const Chart = <Of extends { day: string }>({ figure, days, month }: ChartProps<Of>) => {
  const { title, tone, of, words } = figure
  const values = days.map(of)
  const width = days.length * STEP
  const sum = values.reduce((total, value) => total + value, 0)
  return (
    <figure class={month ? 'card chart wide' : 'card chart'}>
      <figcaption>
        <span>{title}</span>
        <span class="num">{words(sum)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title} by day, ${words(sum)} in all`}
      >
        <g class={tone || undefined}>
          <Bars values={values} most={Math.max(...values)} />
        </g>
        <line x1="0" x2={width} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} />
      </svg>
      <div class="ends">
        <span>{days[0] && shortDay(days[0].day)}</span>
        <span>{month ? shortDay(days.at(-1)!.day) : 'today'}</span>
      </div>
    </figure>
  )
}

type NumbersProps<Of> = { figures: readonly Figure<Of>[]; days: readonly Of[] }

const Numbers = <Of extends { day: string }>({ figures, days }: NumbersProps<Of>) => (
  <details>
    <summary>The same in numbers</summary>
    <Table
      caption="By day, in UTC"
      columns={['Day', ...figures.map(({ title }) => ({ label: title, num: true }))]}
      rows={days
        .filter((day) => figures.some(({ of }) => of(day) !== 0))
        .toReversed()
        .map((day) => [shortDay(day.day), ...figures.map(({ of, words }) => words(of(day)))])}
    />
    <p class="small soft">Days in UTC; those on which nothing happened are left out.</p>
  </details>
)

/** @param money whether money can move at all */
export const UsageCharts = ({ days, money }: { days: readonly Day[]; money: boolean }) => {
  const figures = [...FIGURES, ...(money ? [SENT] : []), ...unsettledIn(days)]
  return (
    <section class="stack" aria-label={`The last ${days.length} days`}>
      <div class="charts">
        {figures.map((figure) => (
          <Chart figure={figure} days={days} />
        ))}
      </div>
      <Numbers figures={figures} days={days} />
    </section>
  )
}

/** Bars are there to be compared: of what was on one day, or on none, a sentence says more. */
const Month = ({ figure, days }: { figure: Figure<MoneyDay>; days: readonly MoneyDay[] }) => {
  const { title, of, words } = figure
  const [first, ...more] = days.filter((day) => of(day) !== 0)
  if (more.length > 0) return <Chart figure={figure} days={days} month />
  return <p>{first ? `${title}: ${words(of(first))}, on ${shortDay(first.day)}.` : `${title}: nothing.`}</p>
}

/** What writes moved, a bar for each day, and beside it what nobody knows of yet. @param days all of a month */
export const MoneyByDay = ({ days }: { days: readonly MoneyDay[] }) => {
  const month = { ...SENT, title: 'Sent by agents this month', tone: '' } as const
  const figures = [month, ...unsettledIn(days)]
  return (
    <section class="stack" aria-label={month.title}>
      {figures.map((figure) => (
        <Month figure={figure} days={days} />
      ))}
      {days.filter(({ cents }) => cents !== 0).length > 1 && <Numbers figures={figures} days={days} />}
    </section>
  )
}
