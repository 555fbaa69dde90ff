/** Changes of buyers and suppliers in time: risky ones are marked, and so are the payments that followed them. */
import { type Given, startCard } from '../card.ts'
import { badge, button, type Child, chip, fill, h, name, note, verdict } from '../dom.ts'
import { type Entry, entriesOf } from '../entries.ts'
import { capital, counted, day, label, moment, money, toneOf } from '../format.ts'
import { fieldsOf, numberOf, type Row, rowsOf, textOf } from '../values.ts'

const FIRST_ENTRIES = 8
const FIRST_PAYMENTS = 3
/** More changes than this at once, such as those of a new record, are folded. */
const MOST_OPEN = 6

const RISKS: Row = {
  bank_account: 'bank account',
  payment_method: 'payment method',
  address: 'address',
  email: 'email',
  unclassified: 'a field nobody classified',
}
const riskName = (risk: string): string => textOf(RISKS[risk]) || risk

const value = (given: unknown): HTMLElement => {
  const text = typeof given === 'object' && given !== null ? JSON.stringify(given) : textOf(given)
  return text === '' ? h('span.none', 'empty') : h('bdi', text)
}

const changeLine = ({ field, before, after, risk }: Row): HTMLElement =>
  h(
    'div',
    { class: risk ? 'change risky' : 'change' },
    h('dt', label(field)),
    h(
      'dd',
      h('del', value(before)),
      h('span.arrow', { 'aria-label': 'became' }, '→'),
      h('ins', value(after)),
    ),
  )

const changeList = (changes: readonly Row[]): HTMLElement => {
  const list = h('dl', ...changes.map(changeLine))
  return changes.length <= MOST_OPEN
    ? list
    : h('details', h('summary', counted(changes.length, 'field')), list)
}

const entryItem = (
  { timestamp, party, actor, action, risks, changes }: Entry,
  timeZone: string | undefined,
): HTMLElement =>
  h(
    'li',
    { class: risks.length > 0 ? 'risky' : '' },
    h(
      'div.entry',
      h('span.who', name(party)),
      ...risks.map((risk) => badge(capital(riskName(risk)), 'bad')),
      h('span.sub.when', moment(timestamp, timeZone)),
    ),
    h('p.sub', label(action) || 'Changed', actor ? ' by ' : '', actor ? name(actor) : ''),
    changeList(changes),
  )

const followed = ({
  name: party,
  object_id,
  amount_cents,
  status,
  days_after,
  risks,
  created,
}: Row): HTMLElement => {
  const days = numberOf(days_after)
  const after = days === 0 ? 'the same day as' : `${days === null ? '' : `${counted(days, 'day')} `}after`
  const kinds = textOf(risks).split(' ').filter(Boolean).map(riskName).join(', ')
  return h(
    'li',
    h('span.who', name(textOf(party) || textOf(object_id))),
    h('span.amount', money(amount_cents)),
    h('span.sub', `${day(created)}, ${after} the ${kinds} changed`),
    badge(label(status) || 'No status', toneOf(status)),
  )
}

/** How soon after a change a payment counts as one that followed. */
const within = (days: unknown): string =>
  numberOf(days) === null ? 'soon after' : `within ${counted(days, 'day')} of`

const paymentsBox = (payments: readonly Row[], all: unknown, days: unknown): Child => {
  if (payments.length === 0) return null
  const list = h('div')
  const show = (count: number): void =>
    fill(
      list,
      h('ul', ...payments.slice(0, count).map(followed)),
      payments.length > count &&
        h(
          'button',
          { type: 'button', class: 'link', click: () => show(payments.length) },
          `Show all ${payments.length}`,
        ),
    )
  show(FIRST_PAYMENTS)
  return h('section.followed', h('h2', `${counted(all, 'payment')} ${within(days)} a risky change`), list)
}

const stateBox = (state: Row, at: unknown): Child => {
  const fields = Object.entries(state).filter(([, content]) => textOf(content) !== '')
  return (
    fields.length > 0 &&
    h(
      'details.state',
      h('summary', at ? `As it was on ${day(at)}` : 'As it was then'),
      h(
        'dl',
        ...fields.map(([field, content]) => h('div.change', h('dt', label(field)), h('dd', value(content)))),
      ),
    )
  )
}

const verdictOf = ({ risky_count, payments_after_count, days }: Row): HTMLElement => {
  const [risky, after] = [numberOf(risky_count), numberOf(payments_after_count)]
  if (risky === null || after === null) return verdict('How much of this is risky is not known.', 'warn')
  if (risky === 0) return verdict('No bank account, payment method, address or email was changed.', 'good')
  const what = `${counted(risky, 'risky change')}: bank account, payment method, address or email.`
  return after === 0
    ? verdict(`${what} No payment followed ${within(days)} one.`, 'warn')
    : verdict(`${what} ${counted(after, 'payment')} followed ${within(days)} one.`, 'bad')
}

const fieldsIn = (entries: readonly Entry[]): Row[] => entries.flatMap(({ changes }) => changes)

/** The entries, the choice between all and the risky ones, and the link to more: what is drawn again after a click. */
const entriesBox = (entries: readonly Entry[], timeZone: string | undefined) => {
  const risky = entries.filter(({ risks }) => risks.length > 0)
  let onlyRisky = false
  let shown = FIRST_ENTRIES
  const [choice, list, foot] = [h('div.chips'), h('div'), h('footer')]
  const pick = (only: boolean) => () => {
    onlyRisky = only
    shown = FIRST_ENTRIES
    update()
  }
  const update = (): void => {
    const all = onlyRisky ? risky : entries
    const more = () => {
      shown = all.length
      update()
    }
    fill(
      choice,
      // Fields are counted, as the server counts them: an entry may hold several.
      chip('All', fieldsIn(entries).length, !onlyRisky, pick(false)),
      chip('Risky', fieldsIn(risky).filter(({ risk }) => risk).length, onlyRisky, pick(true)),
    )
    fill(
      list,
      all.length > 0
        ? h('ol.timeline', ...all.slice(0, shown).map((entry) => entryItem(entry, timeZone)))
        : h('p.empty', 'No change.'),
    )
    fill(foot, all.length > shown && button(`Show all ${all.length} entries`, more))
  }
  update()
  return { choice, list, foot }
}

const draw = ({ data, input, timeZone }: Given): readonly Child[] => {
  const { choice, list, foot } = entriesBox(entriesOf(rowsOf(data.result)), timeZone)
  return [
    h(
      'header',
      h('h1', 'Changes of buyers and suppliers'),
      h('p.sub', counted(data.changes_count, 'changed field')),
    ),
    verdictOf(data),
    paymentsBox(rowsOf(data.payments_after), data.payments_after_count, data.days),
    stateBox(fieldsOf(data.state), input.state_at),
    choice,
    list,
    note(textOf(data.note)),
    foot,
  ]
}

startCard(draw)
