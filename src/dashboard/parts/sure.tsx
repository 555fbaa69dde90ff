/** What cannot be undone takes two steps, without a script: the first opens what the second does. */
import type { Child } from '../../core/jsx-runtime.ts'
import { Form } from './form.tsx'

/** @param label of the first step @param of what it is about, for whoever does not see the row that it stands in */
export const Sure = ({ label, of, children }: { label: string; of?: string; children: Child }) => (
  <details>
    <summary>
      {label}
      {of !== undefined && <span class="unseen"> {of}</span>}
    </summary>
    <p class="small">This cannot be undone.</p>
    {children}
  </details>
)

type RowButtonProps = { action: string; label: string; of: string; children?: Child }

/** A form that is one small button in a row of a table. @param of what the row is about */
export const RowButton = ({ action, label, of, children }: RowButtonProps) => (
  <Sure label={label} of={of}>
    <Form action={action}>
      {children}
      <button class="mini danger" type="submit">
        {label}
        <span class="unseen"> {of}</span>
      </button>
    </Form>
  </Sure>
)
