/** What a write needs of its account and its server: claims and settlements, drafts, stored webhook secrets. */
import { accountObject, draftsOf, payeesOf, secretsOf, unknownsOf } from '../../account/account-stub.ts'
import { type ByCall, byCall } from '../../account/audit/entry.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { StoredDraft } from '../../account/tables/drafts/drafts.ts'
import type { Written } from '../../account/tables/ledger/unsettled.ts'
import type { Acceptance, PayeeRow } from '../../account/tables/payees.ts'
import { openDraft, sealDraft, sealPage } from '../../account/vault/drafts.ts'
import type { Sealed } from '../../account/vault/envelope.ts'
import { openSecret } from '../../account/vault/webhook-secrets.ts'
import { hexOf } from '../../core/bytes.ts'
import type { Env } from '../../core/env.ts'
import { digestOfValue } from '../../core/keys.ts'
import { publicOrigin } from '../../core/public-url.ts'
import type { Credentials } from '../../finexio/types.ts'
import type { LetIn } from '../../rules/admission.ts'
import type { Payee } from '../../rules/payees/concerns.ts'
import type { FieldChange, Glimpse, PayeeFound, PayeeSight } from '../../rules/payees/verified.ts'
import { mintDraftId } from '../../rules/resource-id.ts'
import type { WriteSettings } from '../../rules/server-settings.ts'
import { type LastLook, settlesAfter } from '../../rules/unknown.ts'
import type {
  Claim,
  ClaimRequest,
  DraftNotice,
  NewDraft,
  Obstacle,
  Preview,
  Settlement,
} from '../../rules/write-contract.ts'
import type { SoughtInvoices } from './sent-invoices.ts'
import { readWaitingInvoices, type Waiting } from './waiting-invoices.ts'

/** What the account says of one of its secrets. */
export type StoredSecret = {
  allowed_hosts: readonly string[]
  /** Null when it does not open. */
  open(): Promise<Credentials | null>
}

/** Null: there is no secret of this name. */
export type FindSecret = (name: string) => Promise<StoredSecret | null>

/** What only the account and those who decide may read of a draft. */
export type DraftBody = {
  args: Record<string, unknown>
  /** How those who would be paid or changed are paid, as the caller's summary was made. */
  payees: readonly Payee[]
  /** Of a change of a payee: the values that were there, masked. */
  before?: Readonly<Record<string, unknown>>
  /** Whether Finexio had unsettled payments to the payee that is changed; null: could not be found out, or nobody asked. */
  unsettled?: boolean | null
}

/** What those who decide on a draft are shown, masked, and what is kept of it afterwards. */
export type DraftPage = {
  /** The request: verb and template, its path, the fields that it empties, its body. */
  would_send: { request: string; path?: string; empties?: string[]; body?: unknown }
  /** Of those whom it pays or changes, by id; who could not be read has none. */
  names: Record<string, string>
  /** Of a change of a supplier, buyer or counterparty; without `before`: Finexio did not show what is there. */
  changes?: FieldChange[]
  unsettled_payments?: boolean | null
}

export type KnownPayees = { rows: PayeeRow[]; acceptance: Acceptance | null }

export type Writes = {
  serverId: string
  requestId: string
  /** Where the call belongs in the caller's trace; absent or null: it named none. */
  traceparent?: string | null
  /** By what the call was let in. */
  letIn: LetIn
  settings: WriteSettings
  /** Whether this server shows a tool: what is not there is not advised. */
  sees(tool: string): boolean
  /** Keyed digest: equal values give equal digests, and nothing else can be learned from one. */
  digest(value: unknown): Promise<Uint8Array>
  claim(request: ClaimRequest): Promise<Claim>
  /** What would prevent it; reserves nothing. */
  preview(request: ClaimRequest): Promise<Preview>
  settle(settlement: Settlement): Promise<void>
  /** The account's webhook secrets. */
  secret: FindSecret
  /** What is known of payees without asking Finexio. */
  knownPayees(suppliers: readonly string[]): Promise<KnownPayees>
  /** Keeps what was seen of them at Finexio. */
  observePayees(sights: readonly PayeeSight[]): Promise<PayeeFound[]>
  /** Keeps what a page that was read for something else shows of them: it voids, and never verifies. */
  noticePayees(glimpses: readonly Glimpse[]): Promise<void>
  /** Keeps a write for a person, its body sealed. */
  draft(
    draft: Pick<NewDraft, 'request' | 'reasons' | 'reason' | 'summary' | 'notice'> & {
      body: DraftBody
      page: DraftPage
    },
  ): Promise<{ kind: 'drafted'; draft: DraftNotice } | { kind: 'too_many' } | Obstacle>
  /** Where a person looks at a draft. */
  approvalUrl(draftId: string): string
  /** Where a person sees what is known of a write, and settles it. */
  unknownUrl(key: string): string
  /** Null: this server made none of this id, or not by a tool that it shows. */
  readDraft(draftId: string): Promise<StoredDraft | null>
  /** Invoices that wait for an approval in drafts of this server. @param sought which are looked for among those it sent; null: none */
  waitingInvoices(sought: SoughtInvoices | null): Promise<Waiting>
  /** Whether one person alone could undo a rule that asks for approval. */
  isUndoable(): Promise<boolean>
  /** What became of it; the words of why not otherwise. */
  cancelDraft(draftId: string): Promise<StoredDraft | string>
  /** See `settlesAfter` in rules/unknown.ts. */
  settlesAfter(): number | null
  /** Keeps what a look showed of a write that it did not settle. */
  noteLook(
    written: Pick<Written, 'key' | 'requestId'>,
    look: LastLook,
    absentSince: number | null,
  ): Promise<void>
  /** Null as for drafts. */
  readWrite(key: string): Promise<Written | null>
}

/** Digests of the account as hexadecimal text: equals another exactly if the values are equal, and tells nothing of them. */
export const fingerprintOf =
  ({ digest }: Writes) =>
  async (value: unknown): Promise<string> =>
    hexOf(await digest(value))

export type WritesOf = {
  env: Env
  accountId: string
  serverId: string
  requestId: string
  traceparent?: string | null | undefined
  settings: WriteSettings
  letIn: LetIn
  sees(tool: string): boolean
  /** Origin under which the present request reached this deployment. */
  origin: string
  report(error: unknown): void
}

const NOT_OURS = 'This MCP server made no such draft.'

type Account = ReturnType<typeof accountObject>

/** Read again for each write, so that a secret that was just deleted or narrowed is not used. */
const secretOf = async (
  env: Env,
  account: Account,
  accountId: string,
  name: string,
): Promise<StoredSecret | null> => {
  const secret = await secretsOf(account).read(name)
  if (!secret) return null
  const { allowed_hosts, ...sealed } = secret
  return { allowed_hosts, open: () => openSecret(env, accountId, sealed) }
}

/** Where a person finds what waits for them. */
const pagesAt = ({ env, accountId, origin }: WritesOf): Pick<Writes, 'approvalUrl' | 'unknownUrl'> => {
  const pages = `${publicOrigin(origin, env.PUBLIC_URL) ?? origin}/dashboard`
  return {
    approvalUrl: (draftId) => `${pages}/approval/${draftId}`,
    unknownUrl: (key) => `${pages}/unknown-writes/${accountId}/${encodeURIComponent(key)}`,
  }
}

type PayeeWrites = Pick<Writes, 'knownPayees' | 'observePayees' | 'noticePayees'>

const payeesAt = (account: () => Account, by: ByCall): PayeeWrites => ({
  knownPayees: async (ids) => (await payeesOf(account()).known(ids)) ?? { rows: [], acceptance: null },
  observePayees: (sights) => payeesOf(account()).observe(sights, by),
  noticePayees: (glimpses) => payeesOf(account()).notice(glimpses, by),
})

/** A draft as the account keeps it. */
const sealedDraft = async (
  of: WritesOf,
  { body, page, notice, ...draft }: Parameters<Writes['draft']>[0],
): Promise<NewDraft> => {
  const { env, accountId, letIn } = of
  const id = mintDraftId(accountId)
  const [sealed, sealedPage] = await Promise.all([
    sealDraft(env, accountId, id, body),
    sealPage(env, accountId, id, page),
  ])
  return {
    ...{ ...draft, id, caller: letIn.caller, page: sealedPage },
    ...{ wrapped_key: sealed.wrapped_key, body: sealed.ciphertext },
    notice: { ...notice, approval_url: pagesAt(of).approvalUrl(id) },
  }
}

/** The writes of one request. Nothing is cached: every function asks the account again. */
export const writesAt = (of: WritesOf): Writes => {
  const { env, accountId, serverId, requestId, traceparent = null, settings, letIn, sees, report } = of
  const by = byCall(requestId, traceparent)
  // A fresh one for each call: one whose object was reset fails for good.
  const account = () => accountObject(env, accountId)
  /** What another server made, or a tool that this one does not show, is as unknown as what nobody made. */
  const own = <Made extends { serverId: string; tool: string }>(made: Made | null | undefined) =>
    made?.serverId === serverId && sees(made.tool) ? made : null
  const draftOf = async (draftId: string) => own((await draftsOf(account()).read(draftId))?.draft)
  return {
    serverId,
    requestId,
    traceparent,
    letIn,
    settings,
    sees,
    digest: (value) => digestOfValue(env, accountId, value),
    claim: async (request) => account().claimWrite(request),
    preview: async (request) => account().previewWrite(request),
    // Sent again once, since the object may have been reset while Finexio answered. A settlement that is lost even so leaves the
    // claim to the alarm, which calls it unknown: never reported as a failure.
    settle: async (settlement) => {
      const send = async () => account().settleWrite({ ...settlement, ...(traceparent && { traceparent }) })
      await send().catch(send).catch(report)
    },
    secret: (name) => secretOf(env, account(), accountId, name),
    draft: async (draft) => account().draftWrite(await sealedDraft(of, draft)),
    ...payeesAt(account, by),
    ...pagesAt(of),
    readDraft: draftOf,
    waitingInvoices: (sought) => readWaitingInvoices(env, of, sought),
    isUndoable: async () => !(await directoryObject(env).readDeployment()).second_person_for_settings,
    cancelDraft: async (draftId) => {
      if (!(await draftOf(draftId))) return NOT_OURS
      const decided = await draftsOf(account()).cancel(draftId, 'withdrawn by its caller', by)
      if (decided.kind === 'decided') return decided.draft
      return decided.kind === 'refused' ? decided.why : NOT_OURS
    },
    settlesAfter: () => settlesAfter(env.UNKNOWN_SETTLES_AFTER),
    noteLook: async ({ key, requestId }, look, absentSince) =>
      void (await unknownsOf(account()).noteLook({ key, requestId }, look, absentSince)),
    readWrite: async (key) => own(await account().readWrite(key)),
  }
}

/** What a draft holds; null once it was decided. @param sealed as the account's object keeps it */
export const bodyOfDraft = async (
  env: Env,
  accountId: string,
  draftId: string,
  sealed: Sealed | null,
): Promise<DraftBody | null> => sealed && openDraft<DraftBody>(env, accountId, draftId, sealed)
