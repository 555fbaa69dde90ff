/** What a person has to see before deciding: who asks, what leaves, to whom, and what is unusual about it. */
import { isObject, type JsonObject } from '../../core/json.ts'
import { dollars } from '../../core/money.ts'
import { plural } from '../format.ts'
import type { Approval } from '../shapes.ts'
import { Badge, type BadgeTone } from './notes.tsx'
import { Table, When } from './table.tsx'

type ApprovalSupplier = Approval['summary']['suppliers'][number]

const STATES: Readonly<Record<Approval['state'], BadgeTone>> = {
  pending: 'warn',
  approved: 'info',
  executed: 'ok',
  rejected: 'bad',
  expired: '',
  canceled: '',
}

/** The state of a draft. */
export const StateBadge = ({ state }: { state: Approval['state'] }) => (
  <Badge tone={STATES[state]}>{state}</Badge>
)

/** Who called the tool; by the URL alone it is the holder of the server, where one is named. */
export const callerWords = ({ caller, hands, mcp_server_name }: Approval): string => {
  if (caller.kind !== 'url') return `${caller.name}, through ${mcp_server_name}`
  const url = `whoever has the URL of ${mcp_server_name}`
  return hands.caller?.name ? `${hands.caller.name}, or ${url}` : url
}

/** What it would do, in one line. */
export const headline = ({ summary, tool }: Approval): string => {
  const { count, total_cents, suppliers, target, fields } = summary
  if (total_cents > 0)
    return `Pay ${dollars(total_cents)}: ${plural(count, 'invoice')}, ${plural(suppliers.length, 'supplier')}`
  if (fields.length > 0)
    return `Set ${fields.slice(0, 4).join(', ')}${fields.length > 4 ? ' …' : ''}${target === null ? '' : ` of ${target}`}`
  return target === null ? tool : `${tool}: ${target}`
}

const Marks = ({ supplier: { first_payment, changed_at } }: { supplier: ApprovalSupplier }) => (
  <span class="chips">
    {first_payment && <Badge tone="warn">first payment</Badge>}
    {changed_at !== null && (
      <Badge tone="bad">
        bank details changed <When at={changed_at} />
      </Badge>
    )}
    {first_payment === null && <Badge>history unknown</Badge>}
    {first_payment === false && changed_at === null && <span class="soft">nothing unusual</span>}
  </span>
)

/** Whether something about a supplier is unusual or could not be found out. */
export const hasMarks = ({ first_payment, changed_at }: ApprovalSupplier) =>
  first_payment !== false || changed_at !== null

/** Who would be paid, and what is unusual about each. */
export const Suppliers = ({
  account,
  suppliers,
}: {
  account: string
  suppliers: readonly ApprovalSupplier[]
}) => (
  <Table
    caption="Suppliers"
    columns={['Supplier', 'Marks', { label: 'Invoices', num: true }, { label: 'Total', num: true }]}
    rows={suppliers.map((supplier) => [
      <>
        <a class="wrap" href={`/dashboard/payees/${account}/${encodeURIComponent(supplier.id)}`}>
          <strong>{supplier.name ?? supplier.id}</strong>
        </a>
        {supplier.name !== null && <span class="sub">{supplier.id}</span>}
      </>,
      <Marks supplier={supplier} />,
      String(supplier.count),
      dollars(supplier.cents),
    ])}
  />
)

const MOST_COLUMNS = 7
const plain = (value: unknown) => value === null || typeof value !== 'object'

type Names = ReadonlyMap<string, string>

const isAmount = (key: string) => /(^|_)amount(_cents)?$/.test(key)

const cell = (key: string, value: unknown, names: Names) => {
  if (value === undefined || value === null) return ''
  if (key.endsWith('_cents') && typeof value === 'number') return dollars(value)
  if (isAmount(key) && /^\d+\.\d\d$/.test(String(value)))
    return dollars(Number(String(value).replace('.', '')))
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

const label = (name: string): string => {
  const words = name.replace(/_cents$/, '').replaceAll('_', ' ')
  return WORDS[name] ?? words[0]!.toUpperCase() + words.slice(1)
}

const RowsTable = ({ rows, names }: { rows: readonly JsonObject[]; names: Names }) => {
  const columns = columnsOf(rows)
  return (
    <Table
      caption="What would be sent"
      columns={columns.map((name) => ({ label: label(name), num: isAmount(name) }))}
      rows={rows.map((row) => columns.map((name) => cell(name, row[name], names)))}
    />
  )
}

const shownValue = (value: unknown): string => {
  if (value === null || value === '') return '(nothing)'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What would stand in the place of what. */
export const OldToNew = ({ changes }: { changes: NonNullable<Approval['changes']> }) => (
  <Table
    caption="What would change"
    columns={['Field', 'Now', 'Then']}
    rows={changes.map(({ field, before, after }) => [
      label(field),
      <span class="wrap">{shownValue(before)}</span>,
      <strong class="wrap">{shownValue(after)}</strong>,
    ])}
  />
)

type WouldSendProps = { sent: NonNullable<Approval['would_send']>; suppliers: readonly ApprovalSupplier[] }

/** The exact rows, and the request as it would leave. */
export const WouldSend = ({ sent, suppliers }: WouldSendProps) => {
  const rows = [sent.body].flat().filter(isObject)
  const names = new Map(suppliers.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])))
  return (
    <section class="stack" aria-labelledby="sent">
      <h2 id="sent">What would be sent</h2>
      {sent.empties && sent.empties.length > 0 && <p>Empties {sent.empties.join(', ')}.</p>}
      {rows.length > 0 && <RowsTable rows={rows} names={names} />}
      <details>
        <summary>The request as it would leave</summary>
        <pre class="wrapped">{`${sent.request}\n\n${sent.body === undefined ? '' : JSON.stringify(sent.body, null, 1)}`}</pre>
      </details>
    </section>
  )
}
