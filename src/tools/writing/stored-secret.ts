/** A stored webhook secret on its way out: checked against its hosts, put in when the request is sent, and taken out of what comes back. */
import { WITHHELD } from '../../core/text.ts'
import { type FieldErrors, FinexioFailure } from '../../finexio/failure.ts'
import type { Credentials, Finexio, FinexioReply, FinexioRequest } from '../../finexio/types.ts'
import { Refusal } from '../refusal.ts'
import type { SecretUse, WritePlan } from '../tool.ts'
import type { FindSecret, StoredSecret } from './writes.ts'

const usable = async (tool: string, { ref, host }: SecretUse, find: FindSecret): Promise<StoredSecret> => {
  const secret = await find(ref)
  if (!secret)
    throw new Refusal(
      `${tool}: credential_ref: this account has no webhook secret ${JSON.stringify(ref)}. An operator stores one first (PUT …/secret/${ref}).`,
    ).by('webhook_secret')
  if (!secret.allowed_hosts.includes(host))
    throw new Refusal(
      `${tool}: credential_ref: ${ref} may be used for ${secret.allowed_hosts.join(', ')} only, not for ${host}.`,
    ).by('webhook_secret')
  return secret
}

const opened = async (tool: string, use: SecretUse, find: FindSecret): Promise<Credentials> => {
  const credentials = await (await usable(tool, use, find)).open()
  if (credentials) return credentials
  throw new Refusal(
    `${tool}: credential_ref: ${use.ref} cannot be opened. An operator has to store it again (PUT …/secret/${use.ref}).`,
  ).by('webhook_secret')
}

/** As it was stored, and as it looks after texts were cleaned of doubled blanks. Longest first: one may hold the other. */
const spellings = ({ username, password }: Credentials): string[] =>
  [username, password]
    .flatMap((value) => [value, value.replace(/\s+/g, ' ')])
    .sort((one, other) => other.length - one.length)

const scrubber = (credentials: Credentials) => {
  const words = spellings(credentials)
  return (text: string) => words.reduce((at, word) => at.replaceAll(word, WITHHELD), text)
}

/** Finexio's messages about these fields are not repeated: they may quote a part of the secret. */
const scrubbedFields = (fields: FieldErrors, scrub: (text: string) => string): FieldErrors =>
  Object.fromEntries(
    Object.entries(fields).map(([name, messages]) =>
      /^(username|password)$/i.test(name)
        ? [name, ['Finexio refuses this part of the stored secret.']]
        : [scrub(name), messages.map(scrub)],
    ),
  )

const scrubbedFailure = (failure: FinexioFailure, credentials: Credentials): FinexioFailure => {
  const scrub = scrubber(credentials)
  const { kind, status, message, worded, fields, rows, rate, retryAfter, sent, namesRecord } = failure
  return new FinexioFailure({
    ...{ kind, status, worded, rate, retryAfter, sent, namesRecord },
    message: scrub(message),
    fields: scrubbedFields(fields, scrub),
    rows: rows.map((row) => ({ ...row, fields: scrubbedFields(row.fields, scrub) })),
  })
}

/** An echo of the secret as the plan shows it, so that a receipt still tells which fields were not applied. */
const scrubbedEcho = (value: unknown, { username, password }: Credentials): unknown => {
  if (value === username || value === password) return WITHHELD
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    scrubbedEcho(item, { username, password }),
  ])
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

const sendFilled = async (
  finexio: Finexio,
  request: FinexioRequest,
  credentials: Credentials,
): Promise<FinexioReply> => {
  try {
    const reply = await finexio.send(request)
    return { ...reply, body: scrubbedEcho(reply.body, credentials) }
  } catch (fault) {
    throw fault instanceof FinexioFailure ? scrubbedFailure(fault, credentials) : fault
  }
}

/**
 * How a plan is sent, once. Whatever can be wrong with a stored secret is found here, in a dry run too, and before the
 * write is claimed.
 * @throws Refusal when the secret is not there, not for this host, or does not open
 */
export const senderOf = async (
  tool: string,
  plan: WritePlan,
  find: FindSecret,
): Promise<(finexio: Finexio) => Promise<FinexioReply>> => {
  const { secret } = plan
  if (!secret) return (finexio) => finexio.send(plan.request)
  const credentials = await opened(tool, secret, find)
  return (finexio) => sendFilled(finexio, secret.fill(credentials), credentials)
}
