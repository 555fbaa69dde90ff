/** What the pages for a new MCP server and for one that there is have in common. */
import type { Child } from '../../../core/jsx-runtime.ts'
import { zoneOf } from '../../../identity/zone.ts'
import { effectiveConfig, type ServerConfig } from '../../../rules/server-settings.ts'
import { sentencesFor } from '../../../tools/visible/summary.ts'
import type { C } from '../../app-type.ts'
import type { SentForm } from '../../form-data.ts'
import { type Entered, Form, Press } from '../../parts/form.tsx'
import { RefusedNote } from '../../parts/notes.tsx'
import type { Principal } from '../../parts/principals.ts'
import { Preview, seenThrough } from '../../parts/server/preview.tsx'
import { ZoneContext } from '../../parts/time.tsx'
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
  /** When it ends: ISO time; null: never. */
  ends: string | null
  /** Label of “leave the end as it is”; null where there is none. */
  keep: Child
  /** Of a server that there is: its settings before the form. */
  stored?: ServerConfig
  /** Above the fields. */
  start?: Child
  /** Below the fields. */
  children?: Child
  /** Words of the button, and the step that it asks for. */
  button: readonly [words: string, step: string]
}

/** What a server with these settings may do, in the zone of the reader. @param ends ISO time, or a text that is none yet */
export const maySay = (c: C, config: ServerConfig, account: Account, ends: string | null): string[] =>
  sentencesFor(config, account, ends, zoneOf(c))

type BesideProps = Pick<Props, 'account' | 'config' | 'stored' | 'ends'>

const Beside = ({ account, config, stored, ends }: BesideProps) => {
  const effective = effectiveConfig(config, account)
  return (
    <div class="sticky">
      <Preview
        seen={seenThrough(effective, stored)}
        says={sentencesFor(config, account, ends, ZoneContext.read())}
        unasked={(effective.approval ?? 'none') === 'none'}
      />
    </div>
  )
}

/** What Enter in a field presses: browsers take the first button of a form. */
const OnEnter = ({ step }: { step: string }) => (
  <button type="submit" name="step" value={step} hidden></button>
)

/** All fields, beside a preview of what they expose. */
export const ServerForm = ({ action, button: [words, step], start, children, entered, ...fields }: Props) => (
  <Form action={action} class="side-by-side" preview entered={{ ...entered, values: fields.form.values }}>
    <div class="card stack loose">
      <OnEnter step={step} />
      <RefusedNote refused={entered.refused} />
      {start}
      <ServerFields {...fields} />
      {children}
      <div class="row">
        <Press value={step} label={words} tone="primary" busy="Working" />
        <button class="noscript" type="submit" name="step" value="preview" formnovalidate>
          Update the preview
        </button>
      </div>
    </div>
    <Beside {...fields} />
  </Form>
)
