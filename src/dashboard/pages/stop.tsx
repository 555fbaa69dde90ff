/** The kill switch of the whole deployment. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page } from '../app-type.ts'
import { Form, Submit } from '../parts/form.tsx'
import { Badge } from '../parts/notes.tsx'
import { isAdmin, page } from '../parts/page.tsx'
import type { Stopped } from '../shapes.ts'
import { StopReason, stoppedIn } from './account-head.tsx'

const show = async (c: C) => {
  const { stopped } = await c.get('api').get<Stopped>(['writes'])
  return page(
    c,
    {
      title: 'Stop writes',
      place: 'stop',
      marks: stopped ? <Badge tone="warn">stopped</Badge> : <Badge tone="ok">writes allowed</Badge>,
      lead: 'For the moment when something looks wrong and there is no time to find out what.',
    },
    <Form action="/dashboard/stop" title={stopped ? 'Let writes go on' : 'Stop all writes of all accounts'}>
      <p class="soft">
        {stopped
          ? 'Accounts whose own switch is set stay stopped. Writes that were refused meanwhile are not sent later.'
          : 'From the next write on nothing leaves that could change anything, whatever URL it comes through. What has left already cannot be called back: look at Activity, and at Finexio. Each account has such a switch of its own in its settings.'}
      </p>
      <input type="hidden" name="stopped" value={stopped ? '0' : '1'} />
      {!stopped && <StopReason />}
      {stopped && !isAdmin(c.get('session').actor) ? (
        <p>It takes the role admin for the whole deployment.</p>
      ) : (
        <Submit tone={stopped ? 'primary' : 'danger'}>
          {stopped ? 'Let writes go on' : 'Stop all writes now'}
        </Submit>
      )}
    </Form>,
  )
}

const set = async (c: C) => {
  const { stopped, ...why } = stoppedIn(c)
  await c.get('api').send('PUT', ['writes'], { stopped, ...why })
  return c.redirect(`/dashboard/stop?done=${stopped ? 'stopped' : 'started'}`, 303)
}

export const stopPage: Page = {
  link: { place: 'stop', label: 'Stop writes', icon: 'stop', roles: ['audit'], whole: true },
  routes: new Hono<Dash>().get('/stop', show).post('/stop', set),
}
