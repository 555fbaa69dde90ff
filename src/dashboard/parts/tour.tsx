/** Three steps from an empty dashboard to a call one can see, for whoever starts. It follows the whole deployment. */
import { Section } from './section.tsx'

export type TourProps = {
  /** The account that the links lead to. */
  accountId: string
  /** Whether it is the sandbox that `npm start` made. */
  local: boolean
  /** A server of any account was used: the last two steps are done. */
  called: boolean
  /** Whether there is an MCP server besides those that `npm start` makes. */
  made: boolean
}

const MADE_BY_START = 2

/** What is known of one account. */
export type Started = { id: string; servers: number; called: boolean }

/**
 * Null once all steps are done, or while there is no account.
 * @param accounts all of the deployment, newest first
 */
export const tourOf = (accounts: readonly Started[], local: boolean): TourProps | null => {
  const [newest] = accounts
  if (!newest) return null
  const servers = accounts.reduce((sum, account) => sum + account.servers, 0)
  const made = servers > (local ? MADE_BY_START : 0)
  const called = accounts.some((account) => account.called)
  return made && called ? null : { accountId: newest.id, local, made, called }
}

/** The three steps, with those that are done marked. */
export const Tour = ({ accountId, local, made, called }: TourProps) => {
  const account = `/dashboard/accounts/${accountId}`
  return (
    <Section id="tour" title="Three steps to your first answer" card>
      <ol class="tour">
        <li class="done">
          <h3>{local ? 'Look at the account' : 'Connect Finexio'}</h3>
          <p class="soft small">
            {local
              ? 'A sandbox with 14 months of invented suppliers, invoices and payments. Nothing in it is real. '
              : 'Finexio accepted the credentials, and they are stored encrypted. '}
            <a href={account}>Open it</a>
          </p>
        </li>
        <li class={made ? 'done' : undefined}>
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
            <a href="/dashboard/activity">Activity</a> within seconds.
          </p>
        </li>
      </ol>
    </Section>
  )
}
