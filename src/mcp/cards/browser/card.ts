/** What all cards do: wait for the result, show it or say why there is none, follow the host's theme. */
import { type Bridge, connect } from './bridge.ts'
import { cardName } from './declared.ts'
import { type Child, fill, h } from './dom.ts'
import { fieldsOf, type Row, rowsOf, textOf } from './values.ts'

export type Given = {
  /** The tool's structured content. */
  data: Row
  /** What the server added for cards alone. */
  extra: Row
  /** The arguments of the call; empty where the host did not tell. */
  input: Row
  /** The reader's, as the host tells it; undefined: that of the browser. */
  timeZone: string | undefined
  bridge: Bridge
}

/** @returns what the card consists of */
type Draw = (given: Given) => readonly Child[]

const EXTRA = 'dev.finexio-mcp/card'

const sayOf = (result: Row): string =>
  rowsOf(result.content)
    .map(({ text }) => textOf(text))
    .join('\n') || 'There is nothing to show.'

const show = (...parts: readonly Child[]): void => {
  const card = document.querySelector('main')!
  fill(card, ...parts)
  card.removeAttribute('aria-busy')
}

const note = (text: string): void => show(h('p.note', { role: 'status' }, text))

const followTheme = ({ theme }: Row): void => {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}

/** Hosts that hand no data to cards stay silent; a call takes no longer than this as a rule, and what comes later is shown. */
const SILENT_MS = 10_000
const SILENCE =
  'No answer has reached this card yet. If the call is over, this chat gives its cards no data: the answer is in the chat, ask for it there.'

/** For a host that never answered the handshake, though it gave a result: the card shows it and asks nothing. */
const never = () => Promise.reject(new Error('This chat does not answer.'))
const MUTE: Bridge = { offers: () => false, callTool: never, say: never, openLink: never }

const drawn = (draw: Draw, result: Row, given: Omit<Given, 'data' | 'extra'>): readonly Child[] => {
  const data = fieldsOf(result.structuredContent)
  return result.isError === true || Object.keys(data).length === 0
    ? [h('p.verdict.warn', { role: 'status' }, sayOf(result))]
    : draw({ data, extra: fieldsOf(fieldsOf(result._meta)[EXTRA]), ...given })
}

/** @param draw called again for each result that comes */
export const startCard = (draw: Draw): void => {
  let input: Row = {}
  let bridge: Bridge | undefined
  let result: Row | undefined
  let timeZone: string | undefined
  const silent = setTimeout(() => {
    if (!result) return note(SILENCE)
    bridge = MUTE
    update()
  }, SILENT_MS)
  const update = () => {
    if (!bridge || !result) return
    clearTimeout(silent)
    show(...drawn(draw, result, { input, timeZone, bridge }))
  }
  const connecting = connect(`finexio-${cardName}`, {
    input: (args) => {
      input = args
    },
    result: (given) => {
      result = given
      update()
    },
    canceled: () => {
      clearTimeout(silent)
      note('The call was canceled.')
    },
    context: (context) => {
      followTheme(context)
      timeZone = textOf(context.timeZone) || timeZone
    },
  })
  connecting.then(
    (connected) => {
      bridge = connected
      update()
    },
    () => {
      clearTimeout(silent)
      note('This chat cannot show the card.')
    },
  )
}
