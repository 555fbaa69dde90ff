/** The fields of an MCP server: what it may do, for how long, under which rules. */
import type { Child } from '../../../core/jsx-runtime.ts'
import { METHODS as METHOD_WORDS, SUBJECTS } from '../../../rules/summary/words.ts'
import { toolPreview } from '../../../tools/visible/preview.ts'
import type { SentForm } from '../../form-data.ts'
import { Area, Choices, Field, radios, Select, Switch } from '../../parts/form.tsx'
import type { Principal } from '../../parts/principals.ts'
import { Name } from '../../parts/table.tsx'
import { ZoneContext } from '../../parts/time.tsx'
import type { Account } from '../../shapes.ts'
import { EXPIRIES } from './change.ts'
import { CHOICES } from './choices.ts'
import { Approval, Limits, Payees, Who } from './money-fields.tsx'
import { METHODS, TAGS } from './values.ts'

type Props = { form: SentForm }

const GROUPS = [
  { value: 'read', label: 'Read', hint: 'Look things up. Changes nothing.' },
  { value: 'write', label: 'Write', hint: 'Everything that changes something, payments included.' },
  {
    value: 'custom',
    label: 'Custom',
    hint: 'All beyond list, get, create, update and delete, such as bulk_create.',
  },
]

type CodedProps = { code: string; words: string | undefined; count?: number }

/** What something is called, beside the name that the API has for it. */
const Coded = ({ code, words, count }: CodedProps) => (
  <>
    {words !== undefined && words !== code && `${words} `}
    <Name text={code} />
    {count !== undefined && ` (${count})`}
  </>
)

const isGroup = (name: string) => GROUPS.some(({ value }) => value === name)

/** What the catalogue has, and what is stored though it has it no more. */
const withStored = (known: readonly string[], chosen: readonly string[]): string[] => [
  ...new Set([...known, ...chosen]),
]

const Methods = ({ form }: { form: SentForm }) => {
  const chosen = form.all('methods')
  const others = withStored(METHODS, chosen).filter((name) => !isGroup(name))
  const exact = chosen.some((name) => !isGroup(name)) || form.one('tools') !== ''
  return (
    <fieldset>
      <legend>What it may do</legend>
      <Choices name="methods" options={GROUPS} chosen={chosen} />
      <details open={exact}>
        <summary>Exact methods and tools</summary>
        <div class="stack">
          <div class="choices">
            <Choices
              name="methods"
              options={others.map((name) => ({
                value: name,
                label: <Coded code={name} words={METHOD_WORDS[name]} />,
              }))}
              chosen={chosen}
            />
          </div>
          <Area label="Exact tool names" name="tools" hint="One a line; methods and tags then have no say." />
        </div>
      </details>
    </fieldset>
  )
}

/** How many tools each tag has with the methods of the form. */
const countsFor = (form: SentForm): ((tag: string) => number) => {
  const methods = { methods: form.all('methods') }
  const passing = toolPreview.problemsOf(methods).length > 0 ? [] : toolPreview.toolsOf(methods)
  return (tag) => passing.filter(({ tags }) => tags.includes(tag)).length
}

const Tags = ({ form }: { form: SentForm }) => {
  const count = countsFor(form)
  const chosen = form.all('tags')
  const which = radios('tags_who', form.one('tags_who'))
  return (
    <fieldset id="tags">
      <legend>Which subjects</legend>
      <div class="choices">
        {which('any', 'All of them')}
        {which('only', 'Only these')}
      </div>
      <div class="stack tight when-only">
        <p class="hint">The number is how many tools each has with the methods above.</p>
        <div class="choices">
          <Choices
            name="tags"
            options={withStored(TAGS, chosen).map((value) => ({
              value,
              label: <Coded code={value} words={SUBJECTS[value]} count={count(value)} />,
            }))}
            chosen={chosen}
          />
        </div>
      </div>
    </fieldset>
  )
}

const Ends = ({ form, keep }: Props & { keep: Child }) => {
  const choice = radios('expires', form.one('expires'))
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
        <Field label={`Last day (${ZoneContext.read()})`} name="expires_date" path="expires_at" type="date" />
      </div>
    </fieldset>
  )
}

/** What an engineer needs now and then: folded in while it is as it comes. */
const isSet = (form: SentForm): boolean =>
  ['second_factor', 'tool_exposure'].some((name) => form.all(name).includes('1')) ||
  CHOICES.some(({ key, options }) => form.one(key) !== options[0]!.value) ||
  form.one('webhook_hosts_who') !== 'any'

const More = ({ form }: Props) => (
  <details open={isSet(form)}>
    <summary>Further settings</summary>
    <div class="stack">
      <Switch
        name="second_factor"
        label="Second factor"
        hint="Every request also brings an API token with the role use: the URL alone opens nothing. ChatGPT and Claude sign in instead."
      />
      <Switch
        name="tool_exposure"
        label="Discovery mode"
        hint="A few tools that find and call the others: fewer tokens, one step more."
      />
      {CHOICES.map(({ key, label, hint, options }) => (
        <Select label={label} name={key} hint={hint} options={options} />
      ))}
      <div class="when-writes">
        <Who
          form={form}
          name="webhook_hosts"
          legend="Where webhooks may go"
          words={['Any public host', 'Nowhere', 'Only these hosts']}
          line="Such as hooks.example.com"
        />
      </div>
    </div>
  </details>
)

const Holder = ({ people }: { people: readonly Principal[] }) => (
  <Select
    label="Who works through it"
    name="holder"
    options={[
      { value: '', label: 'nobody is named' },
      ...people.map(({ id, name, kind }) => ({
        value: id,
        label: kind === 'system' ? `${name} (system)` : name,
      })),
    ]}
    hint="Others decide on what comes through it; unnamed, nobody knows who asks."
  />
)

type FieldsProps = Props & { people: readonly Principal[]; account: Account; keep: Child }

/** @param keep label of “leave it as it is” for a server that there is; null for a new one */
export const ServerFields = ({ form, account, people, keep }: FieldsProps) => (
  <>
    <Field label="Name" name="name" required maxlength={200} hint="Such as “Month-end agent”." />
    <Holder people={people} />
    <Methods form={form} />
    <Tags form={form} />
    <Ends form={form} keep={keep} />
    <Approval form={form} ofAccount={account.approval} />
    <Limits />
    <Payees form={form} />
    <More form={form} />
  </>
)
