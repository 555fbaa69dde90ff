/** What one call runs in: its tenant's Finexio and account, and how its server wants answers. One for calls and for approved drafts. */
import type { Effect } from '../../../schemas/define.ts'
import { accountObject, credentialsOf } from '../../account/account-stub.ts'
import { openCredential, VaultFault } from '../../account/vault/vault.ts'
import type { Env } from '../../core/env.ts'
import { webhookBaseOf } from '../../finexio/base-url.ts'
import { createFinexio } from '../../finexio/client.ts'
import type { Credentials, Finexio } from '../../finexio/types.ts'
import type { Admission } from '../../rules/admission.ts'
import type { CallContext } from '../contract.ts'
import { Refusal } from '../refusal.ts'
import type { ToolContext } from '../tool.ts'
import { noticePayees } from '../writing/guard/notice.ts'
import { type Writes, writesAt } from '../writing/writes.ts'

type Account = ReturnType<typeof accountObject>

export type CallEnvironment = Omit<ToolContext, 'finexio'> & {
  account: Pick<Admission['account'], 'status' | 'read_only'>
  /** Opens the tenant's credential; called only after the arguments were found good. @throws VaultFault, ConfigurationFault */
  openFinexio(): Promise<Finexio>
  /** Finexio refused the credential. */
  credentialRefused(): void
  upstream429: 'result' | 'http'
  /** Tells the account of so many requests to Finexio while the call goes on. */
  countRequests?(count: number): void
  /** What the `Idempotency-Key` header of the call says; absent or null: nothing. */
  idempotencyKey?: string | null
  /** Logs a fault of ours: class names only, never values. */
  report(error: unknown): void
}

/** Faults of ours in the log: only their kind, since a message could hold what Finexio or the caller sent. */
export const report = (error: unknown): void =>
  console.error({ event: 'tool_fault', error: error instanceof Error ? error.name : typeof error })

/** A missing record may have been encrypted again under a new version since the call was admitted: the account knows where it is now. Else it is late. */
const openedCredentials = async (
  env: Env,
  { id, credential }: Admission['account'],
): Promise<Credentials> => {
  try {
    return await openCredential(env, id, credential, [])
  } catch (fault) {
    if (!(fault instanceof VaultFault) || fault.reason !== 'missing') throw fault
    const pointer = await credentialsOf(accountObject(env, id)).pointer()
    if (!pointer) throw fault
    return openCredential(env, id, pointer)
  }
}

const openFinexio = async (env: Env, account: Admission['account']): Promise<Finexio> =>
  createFinexio({
    baseUrl: account.base_url,
    webhookBaseUrl: webhookBaseOf(account.base_url, env.FINEXIO_WEBHOOK_BASE ?? 'same'),
    contactBody: env.FINEXIO_CONTACT_BODY ?? 'object',
    credentials: await openedCredentials(env, account),
  })

type Called = Pick<CallContext, 'env' | 'requestId' | 'origin'> & {
  traceparent?: string | null | undefined
  admission: Pick<Admission, 'account' | 'orders' | 'caller' | 'digest' | 'revision'> & {
    server: Pick<Admission['server'], 'id' | 'config'>
  }
}

/**
 * @param sees whether the server shows a tool of that name
 * @param notify sends the account a message that the answer does not wait for
 */
export const environmentOf = (
  { env, admission, requestId, origin, traceparent }: Called,
  sees: (tool: string) => boolean,
  notify: (message: (account: Account) => Promise<unknown>) => void,
): CallEnvironment => {
  const { account, server, orders, caller, digest, revision } = admission
  const { id: serverId, config: settings } = server
  let opened: Writes | undefined
  const writes = (): Writes => {
    opened ??= writesAt({
      env,
      accountId: account.id,
      serverId,
      settings,
      letIn: { caller, digest, revision },
      sees,
      requestId,
      traceparent,
      origin,
      report,
    })
    return opened
  }
  return {
    openFinexio: () => openFinexio(env, account),
    textFormat: settings.text_format ?? 'csv',
    upstream429: settings.upstream_429 ?? 'result',
    scope: JSON.stringify([serverId, settings]),
    orders,
    recordUrl: (path) => `${account.base_url}${path}`,
    sees,
    learnOrder: (resource, order) => notify((object) => object.learnOrder(resource, order)),
    account,
    writes,
    ...(settings.payees === 'verified' && {
      notice: (resource, rows) => notify(() => noticePayees(resource, rows, Date.now(), writes())),
    }),
    credentialRefused: () => notify((object) => object.setStatus('needs_reauth', account.credential.version)),
    countRequests: (count) => notify((object) => object.noteRequests(count)),
    now: Date.now,
    report,
  }
}

/** @throws Refusal when Finexio refused the account's credential earlier, or the account takes no writes */
export const checkAccount = ({ status, read_only }: CallEnvironment['account'], effect: Effect): void => {
  if (status === 'needs_reauth')
    throw new Refusal(
      'Finexio refused the credentials of this account. An operator has to renew or verify them in the account settings; repeating the call does not help.',
    ).by('needs_reauth')
  if (read_only && effect !== 'read')
    throw new Refusal('This account is read-only (405): an operator has to allow writes for it.').by(
      'read_only_account',
    )
}
