/** Which suppliers cannot be paid yet, and what each lacks. */
import { startCard } from '../card.ts'
import { badge, type Child, h, name, note, verdict } from '../dom.ts'
import { counted, label, methodOf } from '../format.ts'
import { item, listing } from '../list.ts'
import { numberOf, type Row, rowsOf, textOf, textsOf } from '../values.ts'

const FIRST = 10

const supplier = (row: Row): HTMLElement => {
  const lacks = textsOf(row.missing)
  const ready = row.ready === true
  return item(
    {
      who: name(textOf(row.name) || textOf(row.id)),
      sub: [[methodOf(row) || 'No method', textOf(row.external_reference_id)].filter(Boolean).join(' · ')],
      marks: [ready ? badge('Ready', 'good') : badge('Not ready', 'bad')],
      open: !ready,
    },
    !ready && h('p.sub', textOf(row.why) || lacks.map(label).join(', ') || 'Why is not known.'),
  )
}

const verdictOf = ({ not_ready_count, suppliers_count, is_partial_response }: Row): HTMLElement => {
  const [lacking, all] = [numberOf(not_ready_count), numberOf(suppliers_count)]
  const part = is_partial_response === true ? 'Not all suppliers were read. ' : ''
  if (lacking === null || all === null) return verdict(`${part}How many are ready is not known.`, 'warn')
  if (all === 0) return verdict(`${part}No supplier fits.`, 'warn')
  return lacking > 0
    ? verdict(`${part}${lacking} of ${counted(all, 'supplier')} cannot be paid yet.`, 'bad')
    : verdict(`${part}${counted(all, 'supplier')} ready to be paid.`, part ? 'warn' : 'good')
}

startCard(({ data }): readonly Child[] => [
  h('header', h('h1', 'Ready to be paid'), h('p.sub', 'By Finexio’s rules for new suppliers')),
  verdictOf(data),
  ...listing({
    rows: rowsOf(data.result),
    by: 'ready',
    say: (word) => (word === 'true' ? 'Ready' : 'Not ready'),
    first: FIRST,
    noun: 'supplier',
    draw: (all) => h('ul.tree', ...all.map(supplier)),
  }),
  note(textOf(data.note)),
])
