/** Settings of an MCP server that are a choice among words: declared here once, for the form, what it reads, and their words. Pure. */
import type { answerSettings, ServerConfig } from '../../../rules/server-settings.ts'

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
