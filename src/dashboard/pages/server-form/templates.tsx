/** Where a new MCP server may start from: each a few settings, which the form shows and anybody may change before the server is made. */
import { dollars } from '../../../core/money.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'

type Template = { value: string; label: string; hint: string; config: ServerConfig }

/** Cents: what goes at once, and what is refused; between them it waits for a person. */
const [AT_ONCE, EACH, A_DAY] = [500_000, 1_000_000, 2_000_000]
const CHANGED_DAYS = 30

export const TEMPLATES = [
  {
    value: 'look',
    label: 'Look only',
    hint: 'Finds, sums up and explains. Changes nothing.',
    // Whoever ticks “write” later does not have to think of approval for it to be asked for.
    config: { methods: ['read'], approval: 'always' },
  },
  {
    value: 'prepare',
    label: 'Prepare for approval',
    hint: 'Prepares payments and changes. Each waits for another person.',
    config: { methods: ['read', 'write'], approval: 'always' },
  },
  {
    value: 'pay',
    label: 'Pay known suppliers within limits',
    hint: `Up to ${dollars(AT_ONCE)} in a call, or to a supplier in a day, goes at once. More waits for another person, as does who is new or changed. One invoice above ${dollars(EACH)}, or more than ${dollars(A_DAY)} in a day, is refused.`,
    config: {
      methods: ['read', 'bulk_create', 'cancel_draft'],
      approval: { over_cents: AT_ONCE },
      limits: { per_invoice: { cents: EACH }, per_day: { cents: A_DAY } },
      first_payment: 'approve',
      changed_supplier: { days: CHANGED_DAYS, action: 'approve' },
    },
  },
  {
    value: 'everything',
    label: 'Everything',
    hint: 'Every tool, without limits. The account says who approves.',
    config: { methods: ['read', 'write'] },
  },
] as const satisfies readonly Template[]

export type TemplateName = (typeof TEMPLATES)[number]['value']
export const TEMPLATE_NAMES = TEMPLATES.map(({ value }) => value)

/** One button each: they fill the fields below, and save nothing. @param present whose settings the fields have; undefined: other ones */
export const TemplateButtons = ({ present }: { present: TemplateName | undefined }) => (
  <fieldset id="start">
    <legend>Start from</legend>
    <div class="templates">
      {TEMPLATES.map(({ value, label, hint }) => (
        <button
          type="submit"
          name="step"
          value={value}
          formnovalidate
          aria-pressed={value === present ? 'true' : 'false'}
        >
          <strong>{label}</strong>
          <small>{hint}</small>
        </button>
      ))}
    </div>
  </fieldset>
)
