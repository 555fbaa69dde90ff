/** Two columns: what somebody has beside what Finexio knows of it. */
import { type Child, h } from './dom.ts'

export type Side = { title: string; lines: readonly Child[] }

const side = ({ title, lines }: Side): HTMLElement => h('div', h('span.hidden', `${title}: `), ...lines)

export const pair = (left: Side, right: Side): HTMLElement => h('div.pair', side(left), side(right))

/** A line of a side, in the quieter colour. */
export const quiet = (...text: readonly Child[]): Child => text.some(Boolean) && h('p.sub', ...text)

/** The titles once above; beside each entry they are read by screen readers alone. */
export const pairList = (left: string, right: string, entries: readonly Child[]): HTMLElement =>
  h(
    'div',
    h('div.pair.heads', { 'aria-hidden': 'true' }, h('span', left), h('span', right)),
    h('ul.tree', ...entries),
  )
