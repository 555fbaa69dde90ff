/** The difference before it is saved: what each thing was and would be, and whether it lets more through. */
import type { Child } from '../../core/jsx-runtime.ts'
import type { Refused } from '../refused.ts'
import { Form, Press } from './form.tsx'
import { Badge, Note, RefusedNote } from './notes.tsx'
import { Table } from './table.tsx'

/** One thing that would change. `looser`: it lets something through that did not pass before. */
export type Difference = { label: string; before: string; after: string; looser: boolean }

/** Why the difference is shown once more instead of having been saved. */
export type Why = { refused?: Pick<Refused, 'message'> | undefined; meanwhile?: boolean }

const rowOf = ({ label, before, after, looser }: Difference) => [
  <strong>{label}</strong>,
  <span class="wrap">{before}</span>,
  <>
    <span class="wrap">{after}</span> {looser && <Badge tone="warn">allows more</Badge>}
  </>,
]

type Props = Why & {
  /** What all of it comes to. */
  outcome?: Child
  action: string
  differences: readonly Difference[]
  /** As the API takes it: what is shown, and nothing else. */
  change: unknown
  /** What it was compared with, for finding out whether that changed meanwhile. */
  seen: string
}

const MEANWHILE =
  'Below is your change beside what is stored now. Look at it again: it is saved only as you see it.'

/** @param change leaves with this form as it is shown; `step` is `save` or `again` */
export const Review = ({ action, differences, change, seen, outcome, refused, meanwhile = false }: Props) => (
  <Form action={action} class="stack wide">
    <RefusedNote refused={refused} />
    {meanwhile && (
      <Note tone="warn" title="Somebody changed it meanwhile, so nothing was saved" focus>
        {MEANWHILE}
      </Note>
    )}
    {outcome}
    <Table
      caption="What would change"
      columns={['What', 'Now', 'After saving']}
      rows={differences.map(rowOf)}
    />
    {differences.some(({ looser }) => looser) && (
      <Note tone="warn" title="What is marked “allows more” lets through what did not pass before" />
    )}
    <input type="hidden" name="change" value={JSON.stringify(change)} />
    <input type="hidden" name="seen" value={seen} />
    <div class="row">
      <Press value="save" label="Save these changes" tone="primary" busy="Saving" />
      <Press value="again" label="Change something else" />
    </div>
  </Form>
)
