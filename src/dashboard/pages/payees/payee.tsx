/** One payee: what is known, what changed, and the form for a call-back. */

import { plural } from '../../../core/words.ts'
import { clockIn, momentAt } from '../../../core/zone.ts'
import { zoneOf } from '../../../identity/zone.ts'
import type { C } from '../../app-type.ts'
import { OldToNew } from '../../parts/approvals/approval-parts.tsx'
import { Area, type Entered, Field, Form, NOTHING, orAgain, Select, Submit } from '../../parts/form.tsx'
import { Note, RefusedNote } from '../../parts/notes.tsx'
import { may, page } from '../../parts/page.tsx'
import { Facts, When } from '../../parts/table.tsx'
import { ZoneContext } from '../../parts/time.tsx'
import type { Overview, Payee } from '../../shapes.ts'
import { ReviewLinks, ReviewTable, reviewOf } from './payee-review.tsx'
import { apiOf, HOME, hrefOf, placeIn, ruleOf, State } from './words.tsx'

const CallBackForm = ({ account, payee, entered }: { account: string; payee: Payee; entered: Entered }) => (
  <Form action={hrefOf(account, payee.supplier_id)} entered={entered} title="Record a call-back">
    <p class="soft">
      Call a number that was on file before the change, or one from elsewhere. Whoever records the call does
      not approve what is paid then.
    </p>
    <input type="hidden" name="seen" value={payee.seen ?? ''} />
    <div class="split">
      <Field label="Who was called" name="called" required maxlength={200} />
      <Field
        label={`When (${ZoneContext.read()})`}
        name="called_at"
        type="datetime-local"
        value={clockIn(ZoneContext.read(), Date.now())}
        required
      />
    </div>
    <div class="split">
      <Field label="Number" name="number" required maxlength={40} />
      <Select
        label="The number is"
        name="number_from"
        value={payee.numbers_when_vouched ? 'last_vouched' : 'outside_source'}
        options={[
          { value: 'last_vouched', label: 'the one on file when somebody last vouched' },
          { value: 'outside_source', label: 'from elsewhere' },
        ]}
      />
    </div>
    <Field label="From where" name="source" maxlength={200} hint="Such as the contract of 2024." />
    <Area label="Note" name="note" />
    <Submit busy="Recording">They confirmed all of it</Submit>
  </Form>
)

const numbers = (list: readonly string[]) => (list.length === 0 ? 'none' : [...new Set(list)].join(', '))

const factsOf = (payee: Payee) =>
  [
    ['State', <State state={payee.state} />],
    ['Vouched by', payee.vouched_by ?? 'nobody'],
    ['Vouched', <When at={payee.vouched_at} />],
    ['Who was called', payee.called ?? 'nobody'],
    [
      'Numbers on file then',
      payee.numbers_when_vouched
        ? numbers(payee.numbers_when_vouched)
        : 'nobody vouched: take one from elsewhere',
    ],
    ['Numbers on file now', numbers(payee.numbers_now)],
    [
      'Last instructed through here',
      payee.last_paid_at ? <When at={payee.last_paid_at} /> : 'not as far as is known',
    ],
  ] as const

const Changed = ({ payee, rule }: { payee: Payee; rule: Overview['payees'] }) => (
  <Note
    tone="bad"
    title={
      payee.vouched_at
        ? 'The payment details of this supplier changed since somebody vouched for them'
        : 'The payment details of this supplier changed, and nobody vouched for them'
    }
  >
    {rule === 'verified'
      ? 'Nothing is paid to it until somebody called back.'
      : 'It is still paid: this account pays suppliers for whom nobody vouched.'}{' '}
    Only Finexio can stop what is under way.
  </Note>
)

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === ''

/** Rows by which it was set up: of the oldest moment, each where nothing stood, its name among them. */
const setUpIn = (changes: Payee['changes']): Payee['changes'] => {
  const oldest = changes.at(-1)?.at
  const first = changes.filter(({ at }) => at === oldest)
  const isSetUp =
    first.some(({ field }) => field === 'name') && first.every(({ before }) => isNothing(before))
  return isSetUp ? first : []
}

/** What changed stands before what was there from the beginning, which is folded. */
const Changes = ({ payee: { changes, vouched_at } }: { payee: Payee }) => {
  const setUp = setUpIn(changes)
  const later = changes.filter((one) => !setUp.includes(one))
  const heads = ['Before', 'After'] as const
  return (
    <>
      {later.length > 0 && (
        <OldToNew
          title={vouched_at ? 'What changed since' : 'What Finexio’s history says of it'}
          heads={heads}
          changes={later}
        />
      )}
      {setUp.length > 0 && (
        <details>
          <summary>{`As it was set up: ${plural(setUp.length, 'field')}`}</summary>
          <OldToNew title="As it was set up" id="set-up" heads={heads} changes={setUp} />
        </details>
      )}
    </>
  )
}

export const show = async (c: C, entered: Entered = NOTHING) => {
  const { account, supplier } = placeIn(c)
  // Looking may find a change, which then stands in the trail.
  const payee = await c.get('api').get<Payee>(apiOf(account, supplier))
  const [trail, known] = await Promise.all([
    reviewOf(c, account, { supplier_id: supplier }),
    ruleOf(c, account),
  ])
  return page(
    c,
    { title: payee.name ?? payee.supplier_id, place: 'payees', crumbs: [HOME], lead: payee.supplier_id },
    <>
      <RefusedNote refused={entered.refused} title="Not recorded" />
      {payee.state === 'changed' && <Changed payee={payee} rule={known.payees} />}
      <section class="card" aria-label="What is known">
        <Facts facts={factsOf(payee)} />
      </section>
      <Changes payee={payee} />
      {may(c, 'approve', account) && payee.seen !== null && (
        <CallBackForm account={account} payee={payee} entered={entered} />
      )}
      <ReviewLinks account={account} supplier={supplier} />
      {trail.result.length > 0 && <ReviewTable rows={trail.result} />}
    </>,
    entered.refused ? 400 : 200,
  )
}

export const record = (c: C) => {
  const form = c.get('form')
  const { account, supplier } = placeIn(c)
  const send = async () => {
    await c.get('api').send('POST', apiOf(account, supplier, 'callback'), {
      called: form.one('called'),
      // What is no time of a clock there goes on as it is: the API says what is wrong with it.
      called_at: momentAt(zoneOf(c), form.one('called_at')) ?? form.one('called_at'),
      number: form.one('number'),
      number_from: form.offered('number_from', ['last_vouched', 'outside_source']),
      source: form.maybe('source') ?? undefined,
      note: form.maybe('note') ?? undefined,
      seen: form.one('seen'),
    })
    return c.redirect(hrefOf(account, supplier), 303)
  }
  return orAgain(c, send, (entered) => show(c, entered))
}
