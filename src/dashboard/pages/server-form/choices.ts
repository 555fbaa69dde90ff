/** Settings of an MCP server that are a choice among words: declared here once, for the form, what it reads, and the page. Pure. */
import type { answerSettings, ServerConfig } from '../../../rules/server-settings.ts'
import type { SentForm } from '../../form-data.ts'

type Key = keyof typeof answerSettings

/** `options`: by value, the first being what holds where nothing is set. */
type ChoiceOf<Of extends Key> = {
  key: Of
  label: string
  hint: string
  options: readonly { value: NonNullable<ServerConfig[Of]>; label: string }[]
}

const choice = <Of extends Key>(declared: ChoiceOf<Of>): ChoiceOf<Of> => declared

export const CHOICES = [
  choice({
    key: 'reply',
    label: 'Form of answers',
    hint: 'Switch it where a client connects and shows no tools.',
    options: [
      { value: 'auto', label: 'Automatic: event stream for ChatGPT, plain JSON for others' },
      { value: 'sse', label: 'Event stream' },
      { value: 'json', label: 'Plain JSON' },
    ],
  }),
] as const

export const CHOICE_KEYS = CHOICES.map(({ key }) => key)

/** What a form chose; undefined: what holds where nothing is set. */
export const choicesIn = (form: SentForm): ServerConfig =>
  Object.fromEntries(
    CHOICES.map(({ key, options }) => [
      key,
      options.slice(1).find(({ value }) => value === form.one(key))?.value,
    ]),
  )

/** The fields of a stored configuration. */
export const choiceFields = (config: ServerConfig): [string, string][] =>
  CHOICES.flatMap(({ key }): [string, string][] => (config[key] ? [[key, config[key]]] : []))

/** What is set, in words. */
export const choiceRules = (config: ServerConfig): [string, string][] =>
  CHOICES.flatMap(({ key, label, options }): [string, string][] => {
    const set = options.find(({ value }) => value === config[key])
    return set ? [[label, set.label]] : []
  })
