/** How much of each rolling limit is used up. */

import { dollars } from '../../core/money.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { grouped } from '../format.ts'
import type { ServerUsage } from '../shapes.ts'

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
        <span class="num">{`${grouped(used.count)} of ${grouped(bound.count)} payments`}</span>
        <Meter share={shareOf(used.count, bound.count)} />
      </>
    )}
  </div>
)

/** Nothing where no rolling limit is set. */
export const LimitsUsed = ({
  limits,
  spent,
}: {
  limits: ServerConfig['limits']
  spent: ServerUsage['spent']
}) => {
  if (!limits?.per_day && !limits?.per_30_days && !limits?.per_supplier_day) return null
  const [largest] = spent.per_supplier_day
  return (
    <section class="card stack" aria-labelledby="limits">
      <h2 id="limits">Limits used</h2>
      <div class="grid2">
        {limits.per_day && <Used label="Last 24 hours" used={spent.per_day} bound={limits.per_day} />}
        {limits.per_30_days && (
          <Used label="Last 30 days" used={spent.per_30_days} bound={limits.per_30_days} />
        )}
        {limits.per_supplier_day && (
          <Used
            label={
              largest
                ? `Largest supplier, last 24 hours: ${largest.supplier}`
                : 'Each supplier, last 24 hours'
            }
            used={largest ?? { cents: 0, count: 0 }}
            bound={limits.per_supplier_day}
          />
        )}
      </div>
    </section>
  )
}
