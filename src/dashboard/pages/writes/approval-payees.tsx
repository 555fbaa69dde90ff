/** Who would be paid or changed by a draft: what is unusual about each, what was paid to it before, and who called it back. */
import { dollars } from '../../../core/money.ts'
import { plural } from '../../../core/words.ts'
import { daysWithin } from '../../../core/zone.ts'
import { Badge, type BadgeTone, Note } from '../../parts/notes.tsx'
import { Section } from '../../parts/section.tsx'
import { Table, When } from '../../parts/table.tsx'
import { ZoneContext } from '../../parts/time.tsx'
import type { Approval } from '../../shapes.ts'

type Supplier = Approval['summary']['suppliers'][number]
type Findings = NonNullable<Approval['findings']>
type Payee = Findings['payees'][number]

const KINDS: Readonly<Record<Payee['unusual'][number]['kind'], readonly [tone: BadgeTone, words: string]>> = {
  first_payment: ['warn', 'first payment'],
  disabled: ['bad', 'disabled'],
  changed: ['bad', 'changed lately'],
  near_duplicate: ['bad', 'may be a duplicate'],
  amount: ['warn', 'unusual amount'],
  money_under_way: ['warn', 'money under way'],
  not_known: ['', 'not known'],
}

const SummaryMarks = ({ supplier: { first_payment, changed_at } }: { supplier: Supplier }) => (
  <span class="chips">
    {first_payment && <Badge tone="warn">first payment</Badge>}
    {changed_at !== null && (
      <Badge tone="bad">
        <span>
          payment details changed <When at={changed_at} />
        </span>
      </Badge>
    )}
    {first_payment === null && <Badge>history unknown</Badge>}
    {first_payment === false && changed_at === null && <span class="soft">nothing unusual</span>}
  </span>
)

const Marks = ({ supplier, found }: { supplier: Supplier; found: Payee | undefined }) => {
  if (!found) return <SummaryMarks supplier={supplier} />
  const kinds = [...new Set(found.unusual.map(({ kind }) => kind))]
  return (
    <span class="chips">
      {kinds.map((kind) => (
        <Badge tone={KINDS[kind][0]}>{KINDS[kind][1]}</Badge>
      ))}
      {kinds.length === 0 && <span class="soft">nothing unusual</span>}
    </span>
  )
}

/** Whether something about a supplier is unusual or could not be found out. */
export const hasMarks = ({ first_payment, changed_at }: Supplier) =>
  first_payment !== false || changed_at !== null

const NAMELESS = 'name could not be read'

const PayeeName = ({ account, id, name }: { account: string; id: string; name: string | null }) => (
  <>
    <a class="wrap" href={`/dashboard/payees/${account}/${encodeURIComponent(id)}`}>
      <strong>{name ?? id}</strong>
    </a>
    <span class="sub">{name === null ? NAMELESS : id}</span>
  </>
)

/** Who vouched for how it is paid, where somebody has to. */
const CallBack = ({ payee }: { payee: Payee | undefined }) => {
  const vouched = payee?.call_back
  if (!vouched) return ''
  if (vouched.state === 'called_back')
    return (
      <>
        {`${vouched.called} called back by ${vouched.vouched_by}, `}
        <When at={vouched.called_at} />
      </>
    )
  if (vouched.state === 'accepted') return `accepted as it was by ${vouched.vouched_by}`
  return <Badge tone="bad">{vouched.state === 'changed' ? 'changed since: call back' : 'call back'}</Badge>
}

type SuppliersProps = { approval: Approval }

/** Who would be paid. */
export const Suppliers = ({ approval }: SuppliersProps) => {
  const { integrated_account_id: account, summary, findings } = approval
  const foundOf = (id: string) => findings?.payees.find((payee) => payee.id === id)
  const vouched = findings?.payees.some(({ call_back }) => call_back !== null) ?? false
  return (
    <Table
      caption="Suppliers"
      columns={[
        ...['Supplier', 'Marks', ...(vouched ? ['Call-back'] : [])],
        ...[
          { label: 'Invoices', num: true },
          { label: 'Usually paid', num: true },
          { label: 'Total', num: true },
        ],
      ]}
      rows={summary.suppliers.map((supplier) => {
        const found = foundOf(supplier.id)
        return [
          <PayeeName account={account} id={supplier.id} name={supplier.name} />,
          <Marks supplier={supplier} found={found} />,
          ...(vouched ? [<CallBack payee={found} />] : []),
          String(supplier.count),
          found?.usual ? dollars(found.usual.median_cents) : '',
          <strong>{dollars(supplier.cents)}</strong>,
        ]
      })}
    />
  )
}

/** What is unusual, in sentences; what could not be read; how far was looked. @param besides a change that is looked at anyway */
export const LookAt = ({ findings, besides }: { findings: Findings; besides: boolean }) => {
  const told = findings.payees.filter(({ unusual }) => unusual.length > 0)
  const { could_not, reach, more_payees, read_at } = findings
  const zone = ZoneContext.read()
  return (
    <Note
      tone={told.length > 0 || could_not !== null ? 'warn' : 'ok'}
      title={
        told.length > 0
          ? 'Look at this'
          : besides
            ? 'Nothing else unusual was found'
            : 'Nothing unusual was found'
      }
    >
      {told.length > 0 && (
        <ul class="steps">
          {told.flatMap(({ id, name, unusual }) =>
            unusual.map(({ words }) => (
              <li>
                <b class="wrap">{name ?? id}</b>: {daysWithin(zone, words)}
              </li>
            )),
          )}
        </ul>
      )}
      {could_not !== null && (
        <p>{`Not all could be read at Finexio, so more may be unusual. ${could_not}`}</p>
      )}
      <p class="small soft">
        {`${daysWithin(zone, reach)} ${more_payees > 0 ? `Of ${plural(more_payees, 'further payee')} nothing was looked up. ` : ''}Looked at `}
        <When at={read_at} />.
      </p>
    </Note>
  )
}

const MONEY: Readonly<Record<NonNullable<Payee['payments']>[number]['money'], BadgeTone>> = {
  stayed: 'ok',
  under_way: 'info',
  bounced: 'bad',
  refunded: 'warn',
  unknown: '',
}

const openWords = ({ open }: Payee): string => {
  if (open === null) return 'What is under way to it could not be read.'
  if (open.count === 0) return 'Nothing is under way to it.'
  return `${plural(open.count, 'payment')} of ${dollars(open.cents)} under way to it.`
}

const usualWords = ({ usual }: Payee): string =>
  usual
    ? ` Usually ${dollars(usual.median_cents)}, ${dollars(usual.largest_cents)} at most, of ${plural(usual.count, 'payment')} that were read.`
    : ''

const PaymentsTable = ({ payee: { id, name, payments } }: { payee: Payee }) => {
  if (payments === null) return <p>Earlier payments to it could not be read.</p>
  if (payments.length === 0) return <p>Among the payments that were read none is to it.</p>
  return (
    <Table
      caption={`Last payments to ${name ?? id}`}
      columns={['Made', 'Status', { label: 'Amount', num: true }]}
      plain
      rows={payments.map((payment) => [
        <>
          <When at={payment.created} never="not known" />
          <span class="sub">{payment.id}</span>
        </>,
        <Badge tone={MONEY[payment.money]}>{payment.status || 'not known'}</Badge>,
        payment.amount_cents === null ? 'not readable' : dollars(payment.amount_cents),
      ])}
    />
  )
}

/** More payees than these are folded. */
const MOST_OPEN = 3

const PaymentsTo = ({ payee }: { payee: Payee }) => (
  <>
    <p class="small soft">{openWords(payee) + usualWords(payee)}</p>
    <PaymentsTable payee={payee} />
  </>
)

/** The last payments to each payee. */
export const PaymentsBefore = ({ payees }: { payees: readonly Payee[] }) => (
  <Section id="before" title="Paid before">
    {payees.map((payee) =>
      payees.length > MOST_OPEN ? (
        <details>
          <summary class="wrap">{payee.name ?? payee.id}</summary>
          <PaymentsTo payee={payee} />
        </details>
      ) : (
        <div class="stack tight">
          {payees.length > 1 && <h3 class="wrap">{payee.name ?? payee.id}</h3>}
          <PaymentsTo payee={payee} />
        </div>
      ),
    )}
  </Section>
)

/** Of one that is changed: whether somebody has to call it back before it is paid again. */
export const CallBackOf = ({ payee, account }: { payee: Payee; account: string }) =>
  payee.call_back && (
    <Note tone="info" title="This account pays verified suppliers only">
      <p>
        Once this has changed, somebody other than whoever approves calls the supplier back before it is paid
        again. <CallBack payee={payee} />
      </p>
      <p>
        <a href={`/dashboard/payees/${account}/${encodeURIComponent(payee.id)}`}>Its call-backs</a>
      </p>
    </Note>
  )
