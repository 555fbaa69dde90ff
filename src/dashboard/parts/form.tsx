/** Forms: each carries the session's token, each field its label, hint and what was wrong with it. */
import { type Child, createContext } from '../../core/jsx-runtime.ts'
import type { C } from '../app-type.ts'
import { Refused } from '../refused.ts'

export const CsrfContext = createContext('')

type FormProps = {
  action: string
  class?: string
  id?: string
  /** Whether the script asks for the page again, with `step=preview`, whenever a field changes: nothing is saved by that. */
  preview?: boolean
  /** Id of the element that the answer replaces, where the script runs. */
  into?: string
  /** Id of the element that the answer replaces; where the script runs, it is sent by itself. */
  goesOn?: string
  /** What its fields show in place of their own values, and what is wrong with it. */
  entered?: Entered
  /** With it the form is a card. */
  title?: Child
  children?: Child
}

/** A form that carries the session's token. */
export const Form = ({
  action,
  children,
  preview,
  into,
  goesOn,
  entered = NOTHING,
  title,
  ...rest
}: FormProps) => (
  <form
    method="post"
    autocomplete="off"
    action={action}
    data-preview={preview ? '1' : undefined}
    data-into={into ?? goesOn}
    data-goes-on={goesOn ? '1' : undefined}
    target={into ? '_blank' : undefined}
    class={title ? 'card stack' : undefined}
    {...rest}
  >
    <input type="hidden" name="csrf" value={CsrfContext.read()} />
    {title && <h2>{title}</h2>}
    <EnteredContext.Provider value={entered}>{children}</EnteredContext.Provider>
  </form>
)

/** What was entered, and what the API says is wrong with it. */
export type Entered = {
  values: Readonly<Record<string, string>>
  refused?: Pick<Refused, 'message' | 'failures'> | undefined
}

export const NOTHING: Entered = { values: {} }

/** Of the form around a field. */
const EnteredContext = createContext(NOTHING)

/**
 * Does what a form asks for.
 * @param again the page once more, with what was entered and what the API refused of it
 * @throws whatever `act` throws that is no `Refused`
 */
export const orAgain = async (
  c: C,
  act: () => Promise<Response>,
  again: (entered: Entered) => Response | Promise<Response>,
): Promise<Response> => {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return again({ values: c.get('form').values, refused: error })
  }
}

/** What a field shows, and the sentence about it, by the path that the API names. */
const fieldOf = (name: string, path: string, value: string | undefined) => {
  const { values, refused } = EnteredContext.read()
  const wrong = refused?.failures.find((failure) => failure.path === path)?.message
  return { shown: values[name] ?? value, wrong }
}

/** What every field of a form has. */
type Labeled = { label: string; name: string; hint?: Child }

type FieldProps = Labeled & {
  /** Where the API names the field otherwise than the form. */
  path?: string
  type?: 'text' | 'password' | 'number' | 'datetime-local' | 'date' | 'time'
  value?: string | undefined
  required?: boolean
  autocomplete?: string
  inputmode?: 'decimal' | 'numeric'
  placeholder?: string
  maxlength?: number
  step?: string
}

const describedBy = (name: string, hint: unknown, wrong: unknown) =>
  [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(' ') || undefined

type AroundProps = Labeled & { wrong: string | undefined; children?: Child }

const Around = ({ label, name, hint, wrong, children }: AroundProps) => (
  <div class="field">
    <label for={name}>{label}</label>
    {children}
    {hint && (
      <span class="hint" id={`${name}-hint`}>
        {hint}
      </span>
    )}
    {wrong && (
      <span class="wrong" id={`${name}-wrong`}>
        {wrong}
      </span>
    )}
  </div>
)

/** One line of text. A password is never shown again. */
export const Field = ({ label, name, path = name, hint, value, type = 'text', ...rest }: FieldProps) => {
  const { shown, wrong } = fieldOf(name, path, value)
  return (
    <Around label={label} name={name} hint={hint} wrong={wrong}>
      <input
        id={name}
        name={name}
        type={type === 'text' ? undefined : type}
        value={type === 'password' ? undefined : shown || undefined}
        aria-describedby={describedBy(name, hint, wrong)}
        aria-invalid={wrong ? 'true' : undefined}
        {...rest}
      />
    </Around>
  )
}

/** Several lines of text. */
export const Area = ({ label, name, path = name, hint, value }: FieldProps) => {
  const { shown, wrong } = fieldOf(name, path, value)
  return (
    <Around label={label} name={name} hint={hint} wrong={wrong}>
      <textarea
        id={name}
        name={name}
        rows={3}
        aria-describedby={describedBy(name, hint, wrong)}
        aria-invalid={wrong ? 'true' : undefined}
      >
        {shown ?? ''}
      </textarea>
    </Around>
  )
}

type Option = { value: string; label: string }

type SelectProps = Labeled & { options: readonly Option[]; value?: string | undefined }

/** One of several values. */
export const Select = ({ label, name, options, value, hint }: SelectProps) => {
  const { shown } = fieldOf(name, name, value)
  return (
    <Around label={label} name={name} hint={hint} wrong={undefined}>
      <select id={name} name={name} aria-describedby={describedBy(name, hint, undefined)}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === shown}>
            {option.label}
          </option>
        ))}
      </select>
    </Around>
  )
}

type ChoiceProps = {
  type: 'radio' | 'checkbox'
  name: string
  value: string
  label: Child
  hint?: Child
  checked: boolean
}

/** A checkbox or radio button with its words. */
const Choice = ({ type, name, value, label, hint, checked }: ChoiceProps) => (
  <label>
    <input type={type} name={name} value={value} checked={checked} />
    <span>
      {label}
      {hint && <small>{hint}</small>}
    </span>
  </label>
)

/** Makes the radio buttons of one name. @param chosen value of the one that is marked */
export const radios = (name: string, chosen: string) => (value: string, label: Child, hint?: Child) => (
  <Choice type="radio" name={name} value={value} label={label} hint={hint} checked={value === chosen} />
)

type ChoicesProps = {
  name: string
  options: readonly { value: string; label: Child; hint?: string }[]
  chosen: readonly string[]
}

/** Checkboxes of one name; the hidden field says that they were there when none is ticked. @param chosen values of those that are ticked */
export const Choices = ({ name, options, chosen }: ChoicesProps) => (
  <>
    <input type="hidden" name={name} value="" />
    {options.map(({ value, ...words }) => (
      <Choice type="checkbox" name={name} value={value} checked={chosen.includes(value)} {...words} />
    ))}
  </>
)

type SwitchProps = { name: string; label: Child; hint?: Child; on?: boolean }

/** A single checkbox; the hidden field says that it was there when it is not ticked. */
export const Switch = ({ name, on = false, ...words }: SwitchProps) => {
  const { shown } = fieldOf(name, name, on ? '1' : '0')
  return (
    <>
      <input type="hidden" name={name} value="0" />
      <Choice type="checkbox" name={name} value="1" checked={shown === '1'} {...words} />
    </>
  )
}

/** A Finexio login, as it is entered and never shown again. */
export const CredentialFields = () => (
  <div class="split">
    <Field label="User name" name="username" path="credentials.username" required maxlength={256} />
    <Field
      label="Password"
      name="password"
      path="credentials.password"
      type="password"
      required
      maxlength={1024}
      autocomplete="new-password"
    />
  </div>
)

type SubmitProps = {
  children?: Child
  /** Said while the answer is waited for. */
  busy?: string
  tone?: 'primary' | 'danger' | ''
}

/** The button that sends a form. */
export const Submit = ({ children, busy, tone = 'primary' }: SubmitProps) => (
  <div>
    <button class={tone} type="submit" data-busy={busy}>
      {children}
    </button>
  </div>
)

type PressProps = {
  name?: string
  value: string
  label: Child
  busy?: string
  tone?: 'primary' | 'danger' | 'mini quiet'
}

/** One of several buttons that send the same form. */
export const Press = ({ name = 'step', value, label, busy, tone }: PressProps) => (
  <button class={tone} type="submit" name={name} value={value} data-busy={busy}>
    {label}
  </button>
)
