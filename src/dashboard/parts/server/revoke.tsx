/** Revoking an MCP server, which says first what it takes along. */
import { dollars } from '../../../core/money.ts'
import { plural } from '../../../core/words.ts'
import type { C } from '../../app-type.ts'
import type { Approval, Listed } from '../../shapes.ts'
import { Form, Submit } from '../form.tsx'
import { may } from '../page.tsx'
import { Sure } from '../sure.tsx'

type Waiting = { drafts: number; cents: number; more: boolean }

/** What waits through one server, for those who may see it; null: they may not. */
export const waitingOf = async (c: C, account: string, id: string): Promise<Waiting | null> => {
  if (!may(c, 'approve', account) && !may(c, 'audit', account)) return null
  const query = { state: 'pending', limit: '100' }
  const path = ['integrated-account', account, 'approval']
  const { result, next_cursor } = await c.get('api').get<Listed<Approval>>(path, query)
  const own = result.filter(({ mcp_server_id }) => mcp_server_id === id)
  const cents = own.reduce((sum, { summary }) => sum + summary.total_cents, 0)
  return { drafts: own.length, cents, more: next_cursor !== null }
}

/** Said before the button is pressed: revoking takes drafts with it. */
export const canceledWords = (waiting: Waiting | null): string => {
  if (waiting === null) return 'Drafts of it that wait for approval are canceled.'
  const { drafts, cents, more } = waiting
  if (drafts === 0)
    return more ? 'Drafts of it that wait for approval are canceled.' : 'No draft of it waits.'
  const sum = cents > 0 ? ` (${dollars(cents)})` : ''
  return `${more ? 'At least ' : ''}${plural(drafts, 'draft')}${sum} of it that ${drafts === 1 ? 'waits' : 'wait'} for approval would be canceled.`
}

export const Revoke = ({ path, waiting }: { path: string; waiting: Waiting | null }) => (
  <Form action={`${path}/revoke`} title="Revoke">
    <p class="soft">The next call is refused, everywhere. The audit trail stays.</p>
    <p>{canceledWords(waiting)}</p>
    <Sure label="Revoke…">
      <Submit tone="danger">Revoke this server</Submit>
    </Sure>
  </Form>
)
