/** Asking Finexio from a card: always by the press of a button, always through a tool of the same server that reads. */
import type { Given } from './card.ts'
import { button } from './dom.ts'
import { fieldsOf, type Row, rowsOf, textOf } from './values.ts'

/** @returns structured content @throws what the host or the server says */
export const ask = async ({ bridge }: Given, tool: string, args: Row): Promise<Row> => {
  const result = await bridge.callTool(tool, args)
  if (result.isError === true) throw new Error(textOf(rowsOf(result.content)[0]?.text))
  return fieldsOf(result.structuredContent)
}

/**
 * While it runs the button says so and cannot be pressed again.
 * @param failed is told in words
 */
export const askButton = (
  text: string,
  busy: string,
  run: () => Promise<void>,
  failed: (why: string) => void,
): HTMLButtonElement => {
  const made = button(text, () => {
    made.disabled = true
    made.textContent = busy
    run().catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)))
  })
  return made
}
