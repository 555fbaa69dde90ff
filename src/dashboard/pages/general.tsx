/** Name, switches and retention of an account: sent is what was changed, after it was shown. */
import * as z from 'zod'
import { Approval } from '../../rules/server-settings.ts'
import type { C } from '../app-type.ts'
import { hiddenIn, notWhole, type SentForm } from '../form-data.ts'
import { plural } from '../format.ts'
import { type Entered, Field, Form, NOTHING, orAgain, Select, Submit, Switch } from '../parts/form.tsx'
import { RefusedNote } from '../parts/notes.tsx'
import { ACCOUNTS, page } from '../parts/page.tsx'
import { type Difference, Review, type Why } from '../parts/review.tsx'
import { Refused } from '../refused.ts'
import type { Account } from '../shapes.ts'
import { accountApi, accountPath } from './account-head.tsx'
import { APPROVALS, approvalFields, approvalIn, isUntouched, type Reader } from './server-form/values.ts'
import { approvalWords } from './server-form/words.ts'

const StoredInput = z.strictObject({
  name: z.string(),
  audit_retention_days: z.number(),
  approval: Approval,
  read_only: z.boolean(),
})
/** An account as far as this form goes. */
export type General = z.infer<typeof StoredInput>

const ChangeInput = StoredInput.partial()
type Change = z.infer<typeof ChangeInput>

const generalOf = ({ name, audit_retention_days, approval, read_only }: Account): General => ({
  name,
  audit_retention_days,
  approval,
  read_only,
})

const OPTIONS = [
  { value: 'none', label: 'not asked for' },
  { value: 'always', label: 'for every write' },
  { value: 'over', label: 'over an amount' },
]

/** Of MCP servers that say nothing about it themselves. */
const DefaultApproval = ({ approval, entered }: { approval: General['approval']; entered: Entered }) => {
  const [[, chosen], [, over]] = approvalFields(approval) as [[string, string], [string, string]]
  return (
    <div class="split">
      <Select
        label="Approval, unless a server says otherwise"
        name="approval"
        options={OPTIONS}
        value={entered.values.approval ?? chosen}
      />
      <Field
        label="Amount in dollars"
        name="approval_over"
        path="approval.over_cents"
        entered={entered}
        value={over}
        inputmode="decimal"
        hint="Counts with “over an amount”."
      />
    </div>
  )
}

/** `shown`: what the fields say; `base`: what they are compared with. Both are what is stored unless they are given. */
export type Shown = { entered: Entered; shown?: General; base?: General }

type FormProps = Shown & { account: Account }

export const GeneralForm = ({ account, entered, base = generalOf(account), shown = base }: FormProps) => (
  <Form action={`${accountPath(account.id)}/settings`} class="card stack">
    <h2>General</h2>
    <RefusedNote refused={entered.refused} />
    <input type="hidden" name="base" value={JSON.stringify(base)} />
    <Field label="Name" name="name" entered={entered} value={shown.name} required maxlength={200} />
    <Field
      label="Audit trail kept for so many days"
      name="audit_retention_days"
      entered={entered}
      value={String(shown.audit_retention_days)}
      inputmode="numeric"
      hint="30 to 3,650. The trail outlives the account."
    />
    <DefaultApproval approval={shown.approval} entered={entered} />
    <Switch
      name="read_only"
      label="Read only"
      hint="No write leaves for this account, whatever its MCP servers allow."
      on={entered.values.read_only === undefined ? shown.read_only : entered.values.read_only === '1'}
    />
    <input type="hidden" name="step" value="review" />
    <Submit busy="Working">Show what changes</Submit>
  </Form>
)

const daysIn = ({ form, problems }: Reader): number => {
  const text = form.one('audit_retention_days')
  if (!/^\d{1,5}$/.test(text))
    problems.push({ path: 'audit_retention_days', message: 'must be a whole number of days' })
  return Number(text)
}

const approvalChange = (reader: Reader, base: General): Pick<Change, 'approval'> => {
  const chosen = reader.form.offered('approval', APPROVALS)
  if (isUntouched(reader.form, approvalFields(base.approval))) return {}
  return { approval: approvalIn(reader, 'approval', chosen) }
}

/** What was changed. @throws Refused 400 */
const changeIn = (form: SentForm, base: General): Change => {
  if (!['name', 'audit_retention_days', 'approval_over'].every(form.has)) throw notWhole()
  const reader: Reader = { form, problems: [] }
  const [name, read_only] = [form.one('name'), form.isOn('read_only')]
  const days = isUntouched(form, [['audit_retention_days', String(base.audit_retention_days)]])
  const change = {
    ...(name !== base.name.trim() && { name }),
    ...(!days && { audit_retention_days: daysIn(reader) }),
    ...approvalChange(reader, base),
    ...(read_only !== base.read_only && { read_only }),
  }
  const words = reader.problems.map(({ path, message }) => `${path}: ${message}`)
  if (words.length > 0) throw new Refused(400, words.join('; '), reader.problems)
  return change
}

const WORDS: { [Key in keyof General]: readonly [label: string, says: (value: General[Key]) => string] } = {
  name: ['Name', (name) => name],
  audit_retention_days: ['Audit trail kept', (days) => plural(days, 'day')],
  approval: ['Approval, unless a server says otherwise', (approval) => approvalWords(approval)],
  read_only: ['Read only', (on) => (on ? 'yes: no write leaves' : 'no')],
}

const differencesOf = (before: General, after: General): Difference[] =>
  (Object.keys(WORDS) as (keyof General)[])
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => {
      const [label, says] = WORDS[key] as readonly [string, (value: unknown) => string]
      return { label, before: says(before[key]), after: says(after[key]), looser: false }
    })

const reviewPage = (c: C, account: Account, change: Change, why: Why = {}) => {
  const stored = generalOf(account)
  const differences = differencesOf(stored, { ...stored, ...change })
  const path = `${accountPath(account.id)}/settings`
  if (differences.length === 0) return c.redirect(`${path}?done=unchanged`, 303)
  return page(
    c,
    {
      title: 'Look at what changes',
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: path, label: account.name }],
      lead: 'Nothing is saved yet.',
    },
    <Review action={path} differences={differences} change={change} seen={account.updated_at} {...why} />,
    why.refused ? 400 : why.meanwhile ? 409 : 200,
  )
}

const accountOf = (c: C) => c.get('api').get<Account>(accountApi(c))

type Show = (c: C, form: Shown) => Response | Promise<Response>

/** @param show the page of all settings with this form as it was entered */
const review = (c: C, show: Show) => {
  const form = c.get('form')
  const base = hiddenIn(form, 'base', StoredInput)
  const read = async () => reviewPage(c, await accountOf(c), changeIn(form, base))
  return orAgain(c, read, (entered) => show(c, { entered, base }))
}

const again = async (c: C, show: Show) => {
  const change = hiddenIn(c.get('form'), 'change', ChangeInput)
  return show(c, { entered: NOTHING, shown: { ...generalOf(await accountOf(c)), ...change } })
}

const save = async (c: C) => {
  const form = c.get('form')
  const account = await accountOf(c)
  const change = hiddenIn(form, 'change', ChangeInput)
  if (form.one('seen') !== account.updated_at) return reviewPage(c, account, change, { meanwhile: true })
  const send = async () => {
    await c.get('api').send('PATCH', accountApi(c), change)
    return c.redirect(`${accountPath(account.id)}/settings?done=saved`, 303)
  }
  return orAgain(c, send, async (entered) => reviewPage(c, await accountOf(c), change, entered))
}

/** What the form and its difference send. */
export const generalSteps = (show: Show) => (c: C) => {
  const step = c.get('form').offered('step', ['review', 'again', 'save'])
  if (step === 'save') return save(c)
  return step === 'again' ? again(c, show) : review(c, show)
}
