/**
 * Both tables over HTTP against the product of any checkout, with its sandbox: prints what is wrong and how much.
 * `node test/money/model/run.ts [--at FOLDER] [kind, such as B17]`
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { sheets } from './sheets/index.ts'
import { saidOtherwise } from './sheets/owed.ts'
import { wrongWith } from './sheets/types.ts'
import { siblings } from './siblings/index.ts'
import { openPlace } from './siblings/place.ts'

const { values, positionals } = parseArgs({ options: { at: { type: 'string' } }, allowPositionals: true })
const root = values.at ?? new URL('../../..', import.meta.url).pathname
const { startStack } = await import(`${root}/scripts/local/stack.ts`)
const stack = await startStack()
const counts: Record<string, { right: number; wrong: number }> = {}

const tell = (like: string, name: string, wrong: string | null): void => {
  counts[like] ??= { right: 0, wrong: 0 }
  counts[like][wrong === null ? 'right' : 'wrong'] += 1
  if (wrong !== null) console.info(`${like} ${name}\n    ${wrong.replaceAll('\n', ' / ').slice(0, 400)}`)
}
const asked = (like: string): boolean => positionals.length === 0 || positionals.includes(like)
/** The upstream may take the product with it: that is one wrong answer, not the end. */
const tried = (run: () => Promise<string | null>): Promise<string | null> =>
  run().catch((error: unknown) => `threw ${error}`)

const demo = await openPlace(stack, 'demo')
for (const sheet of [...sheets, ...saidOtherwise].filter(({ like }) => asked(like))) {
  const wrong = () => demo.call('prepare_finexio_invoices', sheet.args).then((said) => wrongWith(sheet, said))
  tell(sheet.like, sheet.name, await tried(wrong))
}
const place = await openPlace(stack, `t-${randomUUID()}`)
for (const one of siblings.filter(({ like }) => asked(like))) {
  await place.calm()
  tell(one.like, `${one.input}: ${one.right}`, await tried(() => one.wrong(place)))
}
console.table(counts)
await stack.stop()
