/** The row that each tool call leaves beside its answer. Bundled away where a proxy without a trail is measured. */
import type { AccountObject, Row } from './account.ts'

export type Waiter = Pick<ExecutionContext, 'waitUntil'>

export const record = (account: DurableObjectStub<AccountObject>, ctx: Waiter, { id, name }: Row): void => {
  const entry = { request_id: crypto.randomUUID(), mcp_server_id: id, mcp_server_name: name }
  ctx.waitUntil(account.record(entry))
}
