/** Three steps from an empty dashboard to a call one can see, for the first start on one's own machine. */
import type { Management } from '../management.ts'
import type { AccountUsage } from '../shapes.ts'

export type TourProps = {
  accountId: string
  /** A server was used: the last two steps are done. */
  called: boolean
  /** How many MCP servers there are besides the two that `npm start` makes. */
  own: number
}

const MADE_BY_START = 2

/** Null once all steps are done. */
export const tourOf = async (api: Management, accountId: string): Promise<TourProps | null> => {
  const { servers } = await api.get<AccountUsage>(['integrated-account', accountId, 'usage'], { days: '1' })
  const own = servers.length - MADE_BY_START
  const called = servers.some(({ last_used_at }) => last_used_at !== null)
  return own > 0 && called ? null : { accountId, own, called }
}

/** The three steps, with those that are done marked. */
export const Tour = ({ accountId, own, called }: TourProps) => {
  const account = `/dashboard/accounts/${accountId}`
  return (
    <section class="card stack" aria-labelledby="tour">
      <h2 id="tour">Three steps to your first answer</h2>
      <ol class="tour">
        <li class="done">
          <h3>Look at the account</h3>
          <p class="soft small">
            A sandbox with 14 months of invented suppliers, invoices and payments. Nothing in it is real.{' '}
            <a href={account}>Open it</a>
          </p>
        </li>
        <li class={own > 0 ? 'done' : undefined}>
          <h3>Make a URL for an agent</h3>
          <p class="soft small">
            Read only, as the form suggests: the safest first try. The page shows the URL once, with steps for
            each client. <a href={`${account}/servers/new`}>Make one</a>
          </p>
        </li>
        <li class={called ? 'done' : undefined}>
          <h3>Ask, and watch</h3>
          <p class="soft small">
            Press “Test connection”, or ask your assistant what was paid last month. Every call appears under{' '}
            <a href={`${account}/activity`}>Activity</a> within seconds.
          </p>
        </li>
      </ol>
    </section>
  )
}
