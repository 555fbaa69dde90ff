/** What the pages for a new MCP server and for one that there is have in common. */
import type { Child } from '../../../core/jsx-runtime.ts'
import { effectiveConfig, type ServerConfig } from '../../../rules/server-settings.ts'
import type { SentForm } from '../../form-data.ts'
import { type Entered, Form } from '../../parts/form.tsx'
import { RefusedNote } from '../../parts/notes.tsx'
import { Preview, seenThrough } from '../../parts/preview.tsx'
import type { Principal } from '../../parts/principals.ts'
import type { Account } from '../../shapes.ts'
import { ServerFields } from './fields.tsx'

type Props = {
  action: string
  account: Account
  /** Who may be named as its holder. */
  people: readonly Principal[]
  form: SentForm
  entered: Entered
  /** What the fields so far ask for. */
  config: ServerConfig
  /** Label of “leave the end as it is”; null where there is none. */
  keep: Child
  /** Below the fields. */
  children?: Child
  /** Words of the button, and the step that it asks for. */
  button: readonly [words: string, step: string]
}

/** All fields, beside a preview of what they expose. */
export const ServerForm = ({ action, account, people, config, children, button, ...fields }: Props) => (
  <Form action={action} class="side-by-side" preview>
    <div class="card stack loose">
      <RefusedNote refused={fields.entered.refused} />
      <ServerFields account={account} people={people} {...fields} />
      {children}
      <div class="row">
        <button class="primary" type="submit" name="step" value={button[1]} data-busy="Working">
          {button[0]}
        </button>
        <button class="noscript" type="submit" name="step" value="preview" formnovalidate>
          Update the preview
        </button>
      </div>
    </div>
    <div class="sticky">
      <Preview seen={seenThrough(effectiveConfig(config, account))} />
    </div>
  </Form>
)
