/** What a person has to see before deciding: who asks, what leaves, to whom, and what is unusual about it. */
import { isObject, type JsonObject } from '../../../core/json.ts'
import type { JSX } from '../../../core/jsx-runtime.ts'
import { dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { capital, firstOf, plural } from '../../../core/words.ts'
import { dayWords } from '../../../core/zone.ts'
import { quoted } from '../../../rules/sentences/row.ts'
import { wordsFor } from '../../../rules/sentences/tools.ts'
import type { Approval } from '../../shapes.ts'
import { Badge, type BadgeTone } from '../notes.tsx'
import { Section } from '../section.tsx'
import { Table } from '../table.tsx'
import { Moment } from '../time.tsx'

const STATES: Readonly<Record<Approval['state'], BadgeTone>> = {
  pending: 'warn',
  approved: 'info',
  executed: 'ok',
  rejected: 'bad',
  expired: '',
  canceled: '',
}

/** The state of a draft as people say it; what became of what was approved is its outcome. */
export const STATE_WORDS: Readonly<Record<Approval['state'], string>> = {
  pending: 'waiting',
  approved: 'approved',
  executed: 'approved',
  rejected: 'rejected',
  expired: 'expired',
  canceled: 'canceled',
}

export const StateBadge = ({ state }: { state: Approval['state'] }) => (
  <Badge tone={STATES[state]}>{STATE_WORDS[state]}</Badge>
)

/** Who called the tool; by the URL alone it is the holder of the server, where one is named. */
export const callerWords = ({ caller, hands, mcp_server_name }: Approval): string => {
  const server = quoted(mcp_server_name)
  if (caller.kind !== 'url') return `${caller.name}, through ${server}`
  const url = `whoever has the URL of ${server}`
  return hands.caller?.name ? `${hands.caller.name}, or ${url}` : url
}

const MOST_FIELDS = 4

const fieldWords = (fields: readonly string[]): string =>
  `${fields.slice(0, MOST_FIELDS).map(words).join(', ')}${fields.length > MOST_FIELDS ? ' …' : ''}`

/** How what would be created is called. */
const nameSent = (sent: Approval['would_send']): string | null => {
  const { name, url } = isObject(sent?.body) ? sent.body : {}
  const said = name ?? url
  return typeof said === 'string' ? oneLine(said) : null
}

/** What it would do, in one line. */
export const headline = ({ summary, tool, target_name, would_send }: Approval): string => {
  const { count, total_cents, suppliers, target, fields } = summary
  const [first] = suppliers
  if (total_cents > 0)
    return suppliers.length === 1 && first!.name !== null
      ? `Pay ${dollars(total_cents)} to ${quoted(first!.name)}: ${plural(count, 'invoice')}`
      : `Pay ${dollars(total_cents)}: ${plural(count, 'invoice')}, ${plural(suppliers.length, 'supplier')}`
  const of = target_name === null ? target : quoted(target_name)
  if (fields.length > 0 && of !== null) return `Set ${fieldWords(fields)} of ${of}`
  const { noun } = wordsFor(tool)
  const sent = nameSent(would_send)
  const name = of ?? (sent === null ? null : quoted(sent))
  return capital(noun) + (name === null ? '' : `: ${name}`)
}

/** By its first number a row of a list is told from others that pay the same; empty where no invoice is made. */
export const invoiceWords = ({ first_invoice, summary: { count } }: Approval): string =>
  first_invoice === null ? '' : `Invoice ${quoted(first_invoice)}${count > 1 ? ` and ${count - 1} more` : ''}`

const MOST_PAYEES = 3

/** Names of those who would be paid or changed, those who get most first; empty where the headline names them. */
export const payeeWords = ({ summary: { suppliers } }: Approval): string => {
  if (suppliers.length < 2) return ''
  const largest = [...suppliers].sort((a, b) => b.cents - a.cents)
  const names = largest.map(({ id, name }) => (name === null ? id : quoted(name)))
  return firstOf(names, MOST_PAYEES)
}

const MOST_COLUMNS = 7
const plain = (value: unknown) => value === null || typeof value !== 'object'

type Names = ReadonlyMap<string, string>

const isAmount = (key: string) => /(^|_)amount(_cents)?$/.test(key)

const DAY = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/
const MOMENT_NAME = /(date|created|updated|_at|time)$/

/** A day or moment of Finexio as people write it; yes and no. Null: it is neither, such as a number of an invoice that looks like a day. */
const momentWords = (key: string, value: unknown): JSX.Element | string | null => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'string' || !MOMENT_NAME.test(key) || !DAY.test(value)) return null
  return value.includes('T') ? <Moment at={value} /> : dayWords(value)
}

const cell = (key: string, value: unknown, names: Names) => {
  if (value === undefined || value === null) return ''
  if (key.endsWith('_cents') && typeof value === 'number') return dollars(value)
  if (isAmount(key) && /^\d+\.\d\d$/.test(String(value)))
    return dollars(Number(String(value).replace('.', '')))
  const moment = momentWords(key, value)
  if (moment !== null) return moment
  const name = names.get(String(value))
  return name === undefined ? (
    <span class="wrap">{String(value)}</span>
  ) : (
    <>
      <span class="wrap">{name}</span>
      <span class="sub">{String(value)}</span>
    </>
  )
}

/** First what people look for, then whatever else there is. */
const FIRST = [
  'invoice_number',
  'receiving_counterparty_id',
  'amount',
  'amount_cents',
  'payment_amount_cents',
  'due_date',
]

const columnsOf = (rows: readonly JsonObject[]): string[] => {
  const all = new Set(rows.flatMap((row) => Object.keys(row).filter((name) => plain(row[name]))))
  // The same amount in dollars and in cents is shown once.
  const names = [...all].filter((name) => !name.endsWith('_cents') || !all.has(name.replace(/_cents$/, '')))
  const first = FIRST.filter((name) => names.includes(name))
  return [...first, ...names.filter((name) => !first.includes(name))].slice(0, MOST_COLUMNS)
}

/** Finexio's words, where ours say more to whoever pays bills. */
const WORDS: Readonly<Record<string, string>> = {
  invoice_number: 'Invoice',
  receiving_counterparty_id: 'Supplier',
  originating_counterparty_id: 'Buyer',
}

const words = (name: string): string => name.replace(/_cents$/, '').replaceAll('_', ' ')

/** A field of Finexio as people call it. */
export const label = (name: string): string => WORDS[name] ?? capital(words(name))

type RecordsProps = { caption: string; rows: readonly JsonObject[]; names?: Names }

/** Records of Finexio, each a row. @param names of parties by their ids */
export const Records = ({ caption, rows, names = new Map() }: RecordsProps) => {
  const columns = columnsOf(rows)
  return (
    <Table
      caption={caption}
      columns={columns.map((name) => ({ label: label(name), num: isAmount(name) }))}
      rows={rows.map((row) => columns.map((name) => cell(name, row[name], names)))}
    />
  )
}

/** An address of mail breaks beside its sign and dots before it breaks within a word. */
const Address = ({ text }: { text: string }) => (
  <>
    {(text.includes('@') ? text.split(/(?=[@.])/) : [text]).map((part, index) => (
      <>
        {index > 0 && <wbr />}
        {part}
      </>
    ))}
  </>
)

const Value = ({ field, value }: { field: string; value: unknown }) => {
  if (value === null || value === '') return <span class="soft">(nothing)</span>
  const words = momentWords(field, value)
  return (
    <span class="wrap">
      {words ?? (typeof value === 'object' ? JSON.stringify(value) : <Address text={String(value)} />)}
    </span>
  )
}

type OldToNewProps = {
  title: string
  heads: readonly [before: string, after: string]
  changes: readonly { field: string; before?: unknown; after?: unknown; at?: unknown }[]
  /** Where a page has two of them. */
  id?: string
}

/** What stands, or is to stand, in the place of what. What Finexio did not show is not known, which is no blank. */
export const OldToNew = ({ title, heads, changes, id = 'changes' }: OldToNewProps) => (
  <Section id={id} title={title}>
    <Table
      caption={title}
      columns={['Field', ...heads]}
      rows={changes.map((change) => [
        typeof change.at === 'number' ? (
          <>
            {label(change.field)}
            <span class="sub">
              <Moment at={new Date(change.at).toISOString()} />
            </span>
          </>
        ) : (
          label(change.field)
        ),
        'before' in change ? (
          <Value field={change.field} value={change.before} />
        ) : (
          <span class="soft">could not be read</span>
        ),
        <strong>
          <Value field={change.field} value={change.after ?? null} />
        </strong>,
      ])}
    />
  </Section>
)

type WouldSendProps = { approval: Approval; sent: NonNullable<Approval['would_send']> }

/** The exact rows, save where old and new say them, and the request as it would leave or was approved. */
export const WouldSend = ({ approval: { state, changes, party_names = {} }, sent }: WouldSendProps) => {
  const rows = changes ? [] : [sent.body].flat().filter(isObject)
  const title = state === 'pending' ? 'What would be sent' : 'What was asked for'
  const { empties = [] } = sent
  return (
    <section class="stack" aria-label={title}>
      {!changes && <h2 id="sent">{title}</h2>}
      {empties.length > 0 && <p>Empties {empties.join(', ')}.</p>}
      {rows.length > 0 && (
        <Records caption={title} rows={rows} names={new Map(Object.entries(party_names))} />
      )}
      <details>
        <summary>The request, bank numbers masked</summary>
        <pre class="wrapped">{`${sent.request}\n\n${sent.body === undefined ? '' : JSON.stringify(sent.body, null, 1)}`}</pre>
      </details>
    </section>
  )
}
