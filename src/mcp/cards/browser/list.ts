/** Lists of records: one entry, and a list that toggles filter and that shows its first rows. */
import { button, type Child, chip, fill, h } from './dom.ts'
import { money } from './format.ts'
import { groupedBy, type Row, textOf } from './values.ts'

type Item = {
  who: Child
  /** In cents; undefined where an entry has no amount at all. */
  cents?: unknown
  sub?: readonly Child[]
  marks?: readonly Child[]
  /** Whether someone has to act on it. */
  open?: boolean
}

/** @param more what stands below */
export const item = (
  { who, cents, sub = [], marks = [], open = false }: Item,
  ...more: Child[]
): HTMLElement =>
  h(
    'li',
    { class: open ? 'open' : '' },
    h(
      'div.branch',
      h('span.who', who),
      h('span.amount', cents !== undefined && money(cents)),
      h('span.sub', ...sub),
      h('span.marks', ...marks),
    ),
    ...more,
  )

type Listing = {
  rows: readonly Row[]
  /** The field whose words become toggles, and what each word reads. */
  by: string
  say(word: string): string
  first: number
  noun: string
  draw(rows: readonly Row[]): HTMLElement
}

/** @returns toggles, the rows, the button for the others */
export const listing = ({ rows, by, say, first, noun, draw }: Listing): Child[] => {
  const groups = groupedBy(rows, (row) => textOf(row[by]))
  const [choice, list, foot] = [h('div.chips'), h('div'), h('footer')]
  let only: string | null = null
  let shown = first
  const toggle = (words: string, count: number, word: string | null): HTMLElement =>
    chip(words, count, only === word, () => {
      only = word
      shown = first
      update()
    })
  const update = (): void => {
    const found = only === null ? rows : (groups.get(only) ?? [])
    const more = button(`Show all ${found.length} ${noun}s`, () => {
      shown = found.length
      update()
    })
    if (groups.size > 1)
      fill(
        choice,
        toggle('All', rows.length, null),
        ...[...groups].map(([word, of]) => toggle(say(word), of.length, word)),
      )
    fill(list, draw(found.slice(0, shown)))
    fill(foot, found.length > shown && more)
  }
  update()
  return [choice, list, foot]
}
