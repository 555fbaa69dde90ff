/** The fields of an MCP server: what it may do, for how long, under which rules. */
import type { Child } from 'hono/jsx'
import { toolPreview } from '../../../tools/visible/preview.ts'
import type { SentForm } from '../../form-data.ts'
import { Area, Choice, Choices, type Entered, Field } from '../../parts/form.tsx'
import { Approval, Limits, Payees } from './money-fields.tsx'
import { EXPIRIES, filterIn } from './values.ts'

type Props = { form: SentForm; entered: Entered }

const GROUPS = [
  { value: 'read', label: 'Read', hint: 'Look things up. Changes nothing.' },
  { value: 'write', label: 'Write', hint: 'Everything that changes something, payments included.' },
  {
    value: 'custom',
    label: 'Custom',
    hint: 'Only what is not list, get, create, update or delete, such as bulk_create.',
  },
]

const isGroup = (name: string) => GROUPS.some(({ value }) => value === name)

const METHODS = [...new Set(toolPreview.all.map(({ method }) => method))]
  .filter((name) => !isGroup(name))
  .sort()
const TAGS = [...new Set(toolPreview.all.flatMap(({ tags }) => tags))].sort()

const Methods = ({ form }: { form: SentForm }) => {
  const chosen = form.all('methods')
  const none = chosen.length === 0 && form.list('tools').length === 0
  const exact = chosen.some((name) => !isGroup(name)) || form.list('tools').length > 0
  return (
    <fieldset>
      <legend>What it may do</legend>
      <Choices name="methods" options={GROUPS} chosen={none ? ['read'] : chosen} />
      <details open={exact}>
        <summary>Exact methods and tools</summary>
        <div class="stack">
          <div class="choices">
            <Choices
              name="methods"
              options={METHODS.map((name) => ({ value: name, label: <code>{name}</code> }))}
              chosen={chosen}
            />
          </div>
          <Area
            label="Exact tool names"
            name="tools"
            value={form.one('tools')}
            hint="One a line. With these, methods and tags have no say."
          />
        </div>
      </details>
    </fieldset>
  )
}

const Tags = ({ form }: { form: SentForm }) => {
  const { tags: _tags, tools: _tools, ...methods } = filterIn(form)
  const passing = toolPreview.problemsOf(methods).length > 0 ? [] : toolPreview.toolsOf(methods)
  const counted = (value: string) => ({
    value,
    label: `${value} (${passing.filter(({ tags }) => tags.includes(value)).length})`,
  })
  return (
    <fieldset id="tags">
      <legend>Which subjects</legend>
      <p class="hint">
        None chosen: all of them. The number is how many tools each has with the methods above.
      </p>
      <div class="choices">
        <Choices name="tags" options={TAGS.map(counted)} chosen={form.all('tags')} />
      </div>
    </fieldset>
  )
}

const Ends = ({ form, entered, keep }: Props & { keep: Child }) => {
  const chosen = form.one('expires') || '90d'
  const choice = (value: string, label: Child, hint?: Child) => (
    <Choice type="radio" name="expires" value={value} label={label} hint={hint} checked={chosen === value} />
  )
  return (
    <fieldset>
      <legend>When it ends</legend>
      {keep && choice('keep', keep)}
      <div class="choices">
        {EXPIRIES.map(({ value, label }) => choice(value, label))}
        {choice('date', 'On a date')}
        {choice('never', 'Never')}
      </div>
      <div class="when-date">
        <Field
          label="Last day (UTC)"
          name="expires_date"
          path="expires_at"
          type="date"
          entered={entered}
          value={form.one('expires_date')}
        />
      </div>
    </fieldset>
  )
}

const More = ({ form, entered }: Props) => (
  <fieldset>
    <legend>Further settings</legend>
    <Choice
      type="checkbox"
      name="second_factor"
      value="1"
      label="Second factor"
      hint="Every request must also bring an API token with the role use, so that the URL alone opens nothing. ChatGPT and Claude, which cannot send one, sign in instead."
      checked={form.one('second_factor') === '1'}
    />
    <Choice
      type="checkbox"
      name="tool_exposure"
      value="discovery"
      label="Discovery mode"
      hint="Shows a handful of tools that find and call the others: far fewer tokens, one step more for the model."
      checked={form.one('tool_exposure') === 'discovery'}
    />
    <div class="when-writes">
      <Area
        label="Hosts that webhooks may go to"
        name="webhook_hosts"
        path="config.webhook_hosts"
        entered={entered}
        value={form.one('webhook_hosts')}
        hint="Such as hooks.example.com, one a line. Empty: any public host."
      />
    </div>
  </fieldset>
)

/** @param keep label of “leave it as it is” for a server that there is; null for a new one */
export const ServerFields = ({ form, entered, keep }: Props & { keep: Child }) => (
  <>
    <Field
      label="Name"
      name="name"
      entered={entered}
      value={form.one('name')}
      required
      maxlength={200}
      hint="Who or what gets this URL, such as “Month-end agent”."
    />
    <Methods form={form} />
    <Tags form={form} />
    <Ends form={form} entered={entered} keep={keep} />
    <Approval form={form} entered={entered} />
    <Limits form={form} entered={entered} />
    <Payees form={form} entered={entered} />
    <More form={form} entered={entered} />
  </>
)
