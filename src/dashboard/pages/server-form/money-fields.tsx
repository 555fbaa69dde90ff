/** The fields of an MCP server about writes: who approves them, how much money may move, and to whom. */
import type { ServerConfig } from '../../../rules/server-settings.ts'
import type { SentForm } from '../../form-data.ts'
import { Undoable } from '../../parts/approvals/who-decides.tsx'
import { Area, Field, radios, Select } from '../../parts/form.tsx'
import { LIMITS } from './values.ts'
import { approvalWords } from './words.ts'

type Props = { form: SentForm }

const CARE = [
  { value: '', label: 'as any other' },
  { value: 'approve', label: 'ask for approval' },
  { value: 'refuse', label: 'refuse' },
]

type ApprovalProps = Props & { ofAccount: NonNullable<ServerConfig['approval']> }

/** Which writes wait for a person. @param ofAccount what the account says where a server says nothing */
export const Approval = ({ form, ofAccount }: ApprovalProps) => {
  const choice = radios('approval', form.one('approval'))
  return (
    <fieldset class="when-writes">
      <legend>Approval by a person</legend>
      <Undoable brief />
      {choice('account', 'As the account says', `Now: ${approvalWords(ofAccount)}.`)}
      {choice('always', 'Always', 'Each waits until another person with the role approve agrees.')}
      {choice(
        'over',
        'Over an amount',
        'Less goes at once, and so does what moves no money and does not change where it goes.',
      )}
      <div class="when-over">
        <Field
          label="Amount in dollars"
          name="approval_over"
          path="config.approval.over_cents"
          inputmode="decimal"
        />
      </div>
      {choice('none', 'Never', 'The agent’s call is enough. An invoice is the instruction to pay it.')}
    </fieldset>
  )
}

type LimitsProps = { values?: ReadonlyMap<string, string>; legend?: string }

/** How much money may move. @param values of the fields, by name, where the form around them does not say them */
export const Limits = ({ values, legend = 'Limits on money' }: LimitsProps) => (
  <fieldset class="when-money">
    <legend>{legend}</legend>
    <p class="hint">Empty: no limit. What would pass one is refused before anything is sent.</p>
    {LIMITS.map(({ key, label, count }) => (
      <div class="split">
        <Field
          label={`${label}: dollars`}
          name={key}
          path={`config.limits.${key}.cents`}
          value={values?.get(key)}
          inputmode="decimal"
        />
        {count && (
          <Field
            label={`${label}: invoices`}
            name={`${key}_count`}
            path={`config.limits.${key}.count`}
            value={values?.get(`${key}_count`)}
            inputmode="numeric"
          />
        )}
      </div>
    ))}
  </fieldset>
)

type WhoProps = Props & {
  name: string
  legend: string
  /** Words of each choice: any, none, only. */
  words: readonly [any: string, none: string, only: string]
  /** What a line of the list is. */
  line: string
}

/** Anybody, nobody, or those of a list: an empty list is not the same as none. */
export const Who = ({ form, name, legend, words: [any, none, only], line }: WhoProps) => {
  const choice = radios(`${name}_who`, form.one(`${name}_who`))
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="choices">
        {choice('any', any)}
        {choice('none', none)}
        {choice('only', only)}
      </div>
      <div class="when-only">
        <Area
          label={`${legend}: only these`}
          name={name}
          path={`config.${name}`}
          hint={`${line}, one a line.`}
        />
      </div>
    </fieldset>
  )
}

const isSet = (form: SentForm): boolean =>
  form.one('first_payment') !== '' ||
  form.one('changed_action') !== '' ||
  ['allowed_suppliers_who', 'allowed_buyers_who'].some((name) => form.one(name) !== 'any')

/** Which suppliers and buyers, and what holds for new and changed ones. */
export const Payees = ({ form }: Props) => (
  <details class="when-money" open={isSet(form)}>
    <summary>Who may be paid</summary>
    <div class="stack">
      <Select label="First payment to a supplier" name="first_payment" options={CARE} />
      <div class="split">
        <Select
          label="Supplier whose payment details changed"
          name="changed_action"
          options={CARE}
          hint="Bank account, payment method, address, e-mail, name, contacts: every field that leads money somewhere."
        />
        <Field
          label="within so many days"
          name="changed_days"
          path="config.changed_supplier.days"
          inputmode="numeric"
        />
      </div>
      <Who
        form={form}
        name="allowed_suppliers"
        legend="Suppliers that may be paid"
        words={['Any', 'Nobody', 'Only these']}
        line="Ids"
      />
      <Who
        form={form}
        name="allowed_buyers"
        legend="Buyers that may pay"
        words={['Any', 'Nobody', 'Only these']}
        line="Ids"
      />
    </div>
  </details>
)
