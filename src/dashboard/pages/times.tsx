/** In which time zone a reader sees the times of these pages. */
import { Hono } from 'hono/tiny'
import { momentIn, zoneNamed } from '../../core/zone.ts'
import { browserZone, chooseZone, chosenZone } from '../../identity/zone.ts'
import type { C, Dash, Page } from '../app-type.ts'
import { type Entered, Field, Form, NOTHING, orAgain, radios, Submit } from '../parts/form.tsx'
import { RefusedNote } from '../parts/notes.tsx'
import { page } from '../parts/page.tsx'
import { Refused } from '../refused.ts'

const PATH = '/dashboard/times'

const CHOICES = ['browser', 'utc', 'named'] as const
type Chosen = (typeof CHOICES)[number]

const chosenIn = (zone: string | null): Chosen => {
  if (zone === null) return 'browser'
  return zone === 'UTC' ? 'utc' : 'named'
}

const show = (c: C, entered: Entered = NOTHING) => {
  const [own, chosen] = [browserZone(c), chosenZone(c)]
  const now = (zone: string) => `Now: ${momentIn(zone, new Date().toISOString())}.`
  const choice = radios('times', entered.values.times ?? chosenIn(chosen))
  return page(
    c,
    {
      title: 'Times',
      lead: 'Every time of these pages is shown in this zone, which is named beside it; UTC is shown when the pointer rests on it. Kept in this browser.',
    },
    <Form action={PATH} class="card stack" entered={entered}>
      <RefusedNote refused={entered.refused} />
      <fieldset>
        <legend>Time zone</legend>
        {choice(
          'browser',
          own === null ? 'That of this browser' : `That of this browser: ${own}`,
          own === null ? 'Not known so far, as no script ran: UTC is shown.' : now(own),
        )}
        {choice('utc', 'UTC', now('UTC'))}
        {choice('named', 'Another one', 'By its name.')}
        <Field
          label="Name of the zone"
          name="zone"
          value={chosen === null || chosen === 'UTC' ? '' : chosen}
          hint="Such as America/New_York or Europe/Berlin."
          maxlength={64}
        />
      </fieldset>
      <Submit>Save</Submit>
    </Form>,
    entered.refused ? 400 : 200,
  )
}

const NO_ZONE = 'There is no time zone of this name. Names are written as in America/New_York.'

const save = (c: C) => {
  const form = c.get('form')
  const choose = async () => {
    const chosen = form.offered('times', CHOICES)
    const zone = chosen === 'named' ? zoneNamed(form.one('zone')) : 'UTC'
    if (zone === null) throw new Refused(400, NO_ZONE, [{ path: 'zone', message: 'must be a time zone' }])
    chooseZone(c, chosen === 'browser' ? null : zone)
    return c.redirect(`${PATH}?done=saved`, 303)
  }
  return orAgain(c, choose, (entered) => show(c, entered))
}

export const timesPage: Page = {
  routes: new Hono<Dash>().get('/times', (c) => show(c)).post('/times', save),
}
