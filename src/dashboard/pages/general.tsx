/** Name, switches and retention of an account: sent is what was changed, after it was shown. */
import * as z from 'zod'
import { picked } from '../../core/json.ts'
import { grouped, plural } from '../../core/words.ts'
import { Approval, Limits as LimitsInput } from '../../rules/server-settings.ts'
import { approvalFell, limitsRose } from '../../rules/who/loosens.ts'
import { notWhole, type SentForm } from '../form-data.ts'
import { Undoable } from '../parts/approvals/who-decides.tsx'
import { isUntouched } from '../parts/fields.ts'
import { Field, Form, Select, Submit, Switch } from '../parts/form.tsx'
import { RefusedNote } from '../parts/notes.tsx'
import { ACCOUNTS } from '../parts/page.tsx'
import { Refused } from '../refused.ts'
import { differencesBy, type Entry, type Reviewed } from '../reviewed.tsx'
import type { Account } from '../shapes.ts'
import { accountApi, accountPath } from './account-head.tsx'
import { Limits } from './server-form/money-fields.tsx'
import {
  APPROVALS,
  approvalFields,
  approvalIn,
  limits as limitFields,
  type Reader,
} from './server-form/values.ts'
import { approvalWords, limitsWords } from './server-form/words.ts'

const StoredInput = z.strictObject({
  name: z.string(),
  audit_retention_days: z.number(),
  audit_max_mb: z.number(),
  approval: Approval,
  limits: LimitsInput,
  read_only: z.boolean(),
  payees: z.enum(['open', 'verified']),
})
/** An account as far as this form goes. */
export type General = z.infer<typeof StoredInput>

const ChangeInput = StoredInput.partial()
export type GeneralChange = z.infer<typeof ChangeInput>
type Change = GeneralChange

const generalOf = (account: Account): General => picked(account, StoredInput.keyof().options)

const LIMIT_NAMES = limitFields.fill({}).map(([name]) => name)

const OPTIONS = [
  { value: 'none', label: 'not asked for' },
  { value: 'always', label: 'for every write' },
  { value: 'over', label: 'over an amount' },
]

/** Of MCP servers that say nothing about it themselves. */
const DefaultApproval = ({ approval }: { approval: General['approval'] }) => {
  const [[, chosen], [, over]] = approvalFields(approval) as [[string, string], [string, string]]
  return (
    <>
      <div class="split">
        <Select
          label="Approval, unless a server says otherwise"
          name="approval"
          options={OPTIONS}
          value={chosen}
        />
        <Field
          label="Amount in dollars"
          name="approval_over"
          path="approval.over_cents"
          value={over}
          inputmode="decimal"
          hint="Counts with “over an amount”."
        />
      </div>
      <Undoable brief />
    </>
  )
}

/** Of all MCP servers together, beside their own. */
const AccountLimits = ({ limits }: { limits: General['limits'] }) => (
  <Limits
    values={new Map(limitFields.fill(limits))}
    legend="Limits on money, over all MCP servers together"
  />
)

type FormProps = Entry<General, Change> & { account: Account }

/** @param account as it is stored */
export const GeneralForm = ({ account, entered, base = generalOf(account), change }: FormProps) => {
  const shown = { ...base, ...change }
  return (
    <Form action={`${accountPath(account.id)}/settings`} entered={entered} title="General">
      <RefusedNote refused={entered.refused} />
      <input type="hidden" name="base" value={JSON.stringify(base)} />
      <Field label="Name" name="name" value={shown.name} required maxlength={200} />
      <div class="split">
        <Field
          label="Audit trail kept, in days"
          name="audit_retention_days"
          value={String(shown.audit_retention_days)}
          inputmode="numeric"
          hint="30 to 3,650. The trail outlives the account."
        />
        <Field
          label="Its largest size, in MB"
          name="audit_max_mb"
          value={String(shown.audit_max_mb)}
          inputmode="numeric"
          hint="100 to 9,000. Past it the oldest rows go."
        />
      </div>
      <DefaultApproval approval={shown.approval} />
      <AccountLimits limits={shown.limits} />
      <Switch
        name="read_only"
        label="Read only"
        hint="No write leaves for this account, whatever its MCP servers allow."
        on={shown.read_only}
      />
      <Switch
        name="payees"
        label="Pay verified payees only"
        hint="An invoice leaves only for a supplier for whose present state somebody vouched. A second person can accept the present once, on the page Payees."
        on={shown.payees === 'verified'}
      />
      <input type="hidden" name="step" value="review" />
      <Submit busy="Working">Show what changes</Submit>
    </Form>
  )
}

/** How long and how large the trail may become; no page says numbers of more digits. */
const TRAIL = { audit_retention_days: 'days', audit_max_mb: 'megabytes' } as const
const TRAIL_KEYS = ['audit_retention_days', 'audit_max_mb'] as const

const trailChange = ({ form, problems }: Reader, base: General): Partial<Pick<Change, keyof typeof TRAIL>> =>
  Object.fromEntries(
    TRAIL_KEYS.filter((key) => !isUntouched(form, [[key, String(base[key])]])).map((key) => {
      const text = form.one(key)
      if (!/^\d{1,5}$/.test(text))
        problems.push({ path: key, message: `must be a whole number of ${TRAIL[key]}` })
      return [key, Number(text)]
    }),
  )

const approvalChange = (reader: Reader, base: General): Pick<Change, 'approval'> => {
  const chosen = reader.form.offered('approval', APPROVALS)
  if (isUntouched(reader.form, approvalFields(base.approval))) return {}
  return { approval: approvalIn(reader, 'approval', chosen) }
}

const limitsChange = (reader: Reader, base: General): Pick<Change, 'limits'> => {
  const limits = limitFields.read(reader, base.limits) ?? {}
  return limitsWords(limits) === limitsWords(base.limits) ? {} : { limits }
}

/** What was changed. @throws Refused 400 */
const changeIn = (form: SentForm, base: General): Change => {
  const fields = ['name', ...TRAIL_KEYS, 'approval_over', ...LIMIT_NAMES]
  if (!fields.every(form.has)) throw notWhole()
  const reader: Reader = { form, problems: [] }
  const [name, read_only] = [form.one('name'), form.isOn('read_only')]
  const payees = form.isOn('payees') ? 'verified' : 'open'
  const change = {
    ...(name !== base.name.trim() && { name }),
    ...trailChange(reader, base),
    ...approvalChange(reader, base),
    ...limitsChange(reader, base),
    ...(read_only !== base.read_only && { read_only }),
    ...(payees !== base.payees && ({ payees } as const)),
  }
  const words = reader.problems.map(({ path, message }) => `${path}: ${message}`)
  if (words.length > 0) throw new Refused(400, words.join('; '), reader.problems)
  return change
}

const WORDS: Parameters<typeof differencesBy<General>>[0] = {
  name: ['Name', (name) => name],
  audit_retention_days: ['How long the trail is kept', (days) => plural(days, 'day')],
  audit_max_mb: ['Largest size of the trail', (size) => `${grouped(size)} MB`],
  approval: ['Approval, unless a server says otherwise', (approval) => approvalWords(approval)],
  payees: ['Payees', (payees) => (payees === 'verified' ? 'only those somebody vouched for' : 'open')],
  limits: ['Limits over all MCP servers', limitsWords],
  read_only: ['Read only', (on) => (on ? 'yes: no write leaves' : 'no')],
}

const isLooser = (before: General, after: General) => (key: keyof General) => {
  if (key === 'payees') return before.payees === 'verified' && after.payees === 'open'
  if (key === 'audit_retention_days' || key === 'audit_max_mb') return after[key] < before[key]
  if (key === 'limits') return limitsRose(before.limits, after.limits)
  if (key === 'read_only') return before.read_only && !after.read_only
  return key === 'approval' && approvalFell(before.approval, after.approval)
}

const path = (account: Account) => `${accountPath(account.id)}/settings`

/** @param show the page with all settings of an account, this form among them */
export const generalOfAccount = (
  show: Reviewed<Account, General, Change>['show'],
): Reviewed<Account, General, Change> => ({
  base: StoredInput,
  change: ChangeInput,
  load: (c) => c.get('api').get<Account>(accountApi(c)),
  show,
  changeIn: (c, base) => changeIn(c.get('form'), base),
  differences: (account, change) => {
    const before = generalOf(account)
    const after = { ...before, ...change }
    return differencesBy(WORDS, [before, after], isLooser(before, after))
  },
  seen: ({ updated_at }) => updated_at,
  action: path,
  home: path,
  frame: (account) => ({
    place: 'accounts',
    crumbs: [ACCOUNTS, { href: path(account), label: account.name }],
  }),
  save: (c, change) => c.get('api').send('PATCH', accountApi(c), change),
})
