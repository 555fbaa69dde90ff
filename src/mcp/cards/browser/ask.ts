/** Asking from a card: through the host, one thing at a time, by the press of a button; names of what it shows are asked for once without. */
import type { Given } from './card.ts'
import { button } from './dom.ts'
import { fieldsOf, type Row, rowsOf, textOf } from './values.ts'

/** Runs a reading tool of the same server. @returns structured content @throws what the host or the server says */
export const ask = async ({ bridge }: Given, tool: string, args: Row): Promise<Row> => {
  const result = await bridge.callTool(tool, args)
  if (result.isError === true) throw new Error(textOf(rowsOf(result.content)[0]?.text))
  return fieldsOf(result.structuredContent)
}

export type Asker = {
  button(text: string, run: () => Promise<void>): HTMLButtonElement
  /** Why the last press led to nothing; empty otherwise. */
  problem(): string
}

/**
 * Buttons that ask. While one runs it says so and none can be pressed, however often the card is drawn meanwhile; it
 * keeps the keyboard's focus, which a disabled button would lose.
 * @param busy what the pressed button says meanwhile
 * @param redraw draws the buttons again
 */
export const newAsker = (busy: string, redraw: () => void): Asker => {
  let running = ''
  let problem = ''
  const press = async (text: string, run: () => Promise<void>): Promise<void> => {
    if (running !== '') return
    running = text
    problem = ''
    redraw()
    try {
      await run()
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    running = ''
    redraw()
  }
  return {
    problem: () => problem,
    button: (text, run) => {
      const made = button(running === text ? busy : text, () => void press(text, run))
      if (running !== '') made.setAttribute('aria-disabled', 'true')
      return made
    },
  }
}
