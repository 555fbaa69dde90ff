/** How much of each rolling limit is used up. */
import { dollars } from '../../../core/money.ts'
import { grouped, plural } from '../../../core/words.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'
import type { ServerUsage } from '../../shapes.ts'
import { Section } from '../section.tsx'

type Amount = { cents: number; count: number }
type Bound = { cents?: number; count?: number }

const Meter = ({ share }: { share: number }) => (
  <div class={share >= 1 ? 'meter full' : 'meter'}>
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width={Math.round(Math.min(1, share) * 100)} height="8" />
    </svg>
  </div>
)

const shareOf = (used: number, most: number) => (most === 0 ? 1 : used / most)

const Used = ({ label, used, bound }: { label: string; used: Amount; bound: Bound }) => (
  <div class="stack tight">
    <span class="small soft">{label}</span>
    {bound.cents !== undefined && (
      <>
        <strong class="num">{`${dollars(used.cents)} of ${dollars(bound.cents)}`}</strong>
        <Meter share={shareOf(used.cents, bound.cents)} />
      </>
    )}
    {bound.count !== undefined && (
      <>
        <span class="num">{`${grouped(used.count)} of ${plural(bound.count, 'invoice')}`}</span>
        <Meter share={shareOf(used.count, bound.count)} />
      </>
    )}
  </div>
)

type LimitsUsedProps = { limits: ServerConfig['limits']; spent: ServerUsage['spent'] }

/** Nothing where no rolling limit is set. */
export const LimitsUsed = ({ limits, spent }: LimitsUsedProps) => {
  const [largest] = spent.per_supplier_day
  const supplier = largest
    ? `Largest supplier, last 24 hours: ${largest.supplier}`
    : 'Each supplier, last 24 hours'
  const rows: readonly [label: string, bound: Bound | undefined, used: Amount][] = [
    ['Last 24 hours', limits?.per_day, spent.per_day],
    ['Last 30 days', limits?.per_30_days, spent.per_30_days],
    [supplier, limits?.per_supplier_day, largest ?? { cents: 0, count: 0 }],
  ]
  const set = rows.flatMap(([label, bound, used]) =>
    bound ? [<Used label={label} used={used} bound={bound} />] : [],
  )
  return (
    set.length > 0 && (
      <Section id="limits" title="Limits used" card>
        <div class="grid2">{set}</div>
      </Section>
    )
  )
}
