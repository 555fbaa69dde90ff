/** Bars by day as inline SVG, with the numbers beside them for whoever does not see bars. */
import { dollars } from '../../core/money.ts'
import { grouped, shortDay } from '../format.ts'
import type { AccountUsage } from '../shapes.ts'
import { Table } from './table.tsx'

type Day = AccountUsage['days'][number]
type Figure = {
  title: string
  tone: '' | 'bad' | 'warn' | 'info'
  of(day: Day): number
  words(value: number): string
}

const FIGURES: readonly Figure[] = [
  { title: 'Calls', tone: '', of: ({ calls }) => calls, words: grouped },
  { title: 'Errors', tone: 'bad', of: ({ errors }) => errors, words: grouped },
  { title: '429s', tone: 'warn', of: ({ throttled }) => throttled, words: grouped },
]
const SENT: Figure = {
  title: 'Money sent',
  tone: 'info',
  of: ({ cents, unsettled_cents }) => cents - unsettled_cents,
  words: dollars,
}
const UNSETTLED: Figure = {
  title: 'Outcome unknown',
  tone: 'warn',
  of: ({ unsettled_cents }) => unsettled_cents,
  words: dollars,
}

/** What nobody knows of is never part of what was sent. */
const figuresOf = (days: readonly Day[], money: boolean): Figure[] => [
  ...FIGURES,
  ...(money ? [SENT] : []),
  ...(days.some(({ unsettled_cents }) => unsettled_cents > 0) ? [UNSETTLED] : []),
]

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

const Chart = ({ figure: { title, tone, of, words }, days }: { figure: Figure; days: readonly Day[] }) => {
  const values = days.map(of)
  const width = days.length * STEP
  const sum = values.reduce((total, value) => total + value, 0)
  return (
    <figure class="card chart">
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
        <span>today</span>
      </div>
    </figure>
  )
}

const Numbers = ({ figures, days }: { figures: readonly Figure[]; days: readonly Day[] }) => (
  <details>
    <summary>The same in numbers</summary>
    <Table
      caption="By day, in UTC"
      columns={['Day', ...figures.map(({ title }) => ({ label: title, num: true }))]}
      rows={[...days].reverse().map((day) => [day.day, ...figures.map(({ of, words }) => words(of(day)))])}
    />
  </details>
)

/** @param money whether money can move at all */
export const UsageCharts = ({ days, money }: { days: readonly Day[]; money: boolean }) => {
  const figures = figuresOf(days, money)
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
