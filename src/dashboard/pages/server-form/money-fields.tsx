/** The fields of an MCP server about writes: who approves them, how much money may move, and to whom. */
import type { SentForm } from '../../form-data.ts'
import { Area, Choice, type Entered, Field, Select } from '../../parts/form.tsx'
import { LIMITS } from './values.ts'

type Props = { form: SentForm; entered: Entered }

const CARE = [
  { value: '', label: 'as any other' },
  { value: 'approve', label: 'ask for approval' },
  { value: 'refuse', label: 'refuse' },
]

/** Which writes wait for a person. */
export const Approval = ({ form, entered }: Props) => {
  const chosen = form.one('approval') || 'always'
  const choice = (value: string, label: string, hint: string) => (
    <Choice type="radio" name="approval" value={value} label={label} hint={hint} checked={chosen === value} />
  )
  return (
    <fieldset class="when-writes">
      <legend>Approval by a person</legend>
      {choice(
        'always',
        'Always',
        'Every write waits until somebody with the role approve agrees: not the caller, nor who made, rotated or last changed this server or works through it.',
      )}
      {choice(
        'over',
        'Over an amount',
        'Smaller payments go through at once; so do writes that move no money, unless they change where money goes.',
      )}
      <div class="when-over">
        <Field
          label="Amount in dollars"
          name="approval_over"
          path="config.approval.over_cents"
          entered={entered}
          value={form.one('approval_over')}
          inputmode="decimal"
        />
      </div>
      {choice(
        'none',
        'Never',
        'The agent’s call is enough. Posting an invoice is the instruction to pay it.',
      )}
    </fieldset>
  )
}

/** How much money may move. */
export const Limits = ({ form, entered }: Props) => (
  <fieldset class="when-money">
    <legend>Limits on money</legend>
    <p class="hint">Empty: no limit. What would pass one is refused before anything is sent.</p>
    {LIMITS.map(({ key, label, count }) => (
      <div class="split">
        <Field
          label={`${label}: dollars`}
          name={key}
          path={`config.limits.${key}.cents`}
          entered={entered}
          value={form.one(key)}
          inputmode="decimal"
        />
        {count && (
          <Field
            label={`${label}: payments`}
            name={`${key}_count`}
            path={`config.limits.${key}.count`}
            entered={entered}
            value={form.one(`${key}_count`)}
            inputmode="numeric"
          />
        )}
      </div>
    ))}
  </fieldset>
)

const Only = ({ form, entered, name, who }: Props & { name: string; who: string }) => (
  <Area
    label={`Only these ${who}`}
    name={name}
    path={`config.${name}`}
    entered={entered}
    value={form.one(name)}
    hint="Ids, one a line. Empty: any."
  />
)

/** Which suppliers and buyers, and what holds for new and changed ones. */
export const Payees = ({ form, entered }: Props) => (
  <details
    class="when-money"
    open={['allowed_suppliers', 'allowed_buyers', 'first_payment', 'changed_action'].some(
      (name) => form.one(name) !== '',
    )}
  >
    <summary>Who may be paid</summary>
    <div class="stack">
      <Select
        label="First payment to a supplier"
        name="first_payment"
        options={CARE}
        value={form.one('first_payment')}
      />
      <div class="split">
        <Select
          label="Supplier whose bank details changed"
          name="changed_action"
          options={CARE}
          value={form.one('changed_action')}
        />
        <Field
          label="within so many days"
          name="changed_days"
          path="config.changed_supplier.days"
          entered={entered}
          value={form.one('changed_days') || '30'}
          inputmode="numeric"
        />
      </div>
      <Only form={form} entered={entered} name="allowed_suppliers" who="suppliers" />
      <Only form={form} entered={entered} name="allowed_buyers" who="buyers" />
    </div>
  </details>
)
