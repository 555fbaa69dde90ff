/** In which zone a page shows its times: of the browser, as its script says in a cookie, or as the reader chose. */
import { expect, test } from 'vitest'
import { browser } from './support.ts'

const shownIn = (text: string) => /Times: ([^<]+)</.exec(text)?.[1]

test('UTC is named until the browser says its zone, and a cookie that names none changes nothing', async () => {
  const person = browser()
  await person.signIn()
  expect(shownIn((await person.get('/dashboard/accounts')).text)).toBe('UTC')
  // Siblings: a path, markup, an offset without summer time, an empty one.
  for (const wrong of ['../../etc/passwd', '%3Cb%3E', '+01:00', '']) {
    person.jar.set('finexio_zone', wrong)
    expect(shownIn((await person.get('/dashboard/accounts')).text)).toBe('UTC')
  }
  person.jar.set('finexio_zone', 'Europe/Berlin')
  expect(shownIn((await person.get('/dashboard/accounts')).text)).toBe('Europe/Berlin')
  person.jar.set('finexio_zone', 'Asia%2FTokyo')
  expect((await person.get('/dashboard/times')).text).toMatch(/That of this browser: Asia\/Tokyo.*GMT\+9/)
})

test('the choice of a reader comes first, and can be taken back', async () => {
  const person = browser()
  await person.signIn()
  person.jar.set('finexio_zone', 'Europe/Berlin')
  const saved = await person.post('/dashboard/times', { times: 'named', zone: 'america/new_york' })
  expect([saved.status, saved.location]).toEqual([303, '/dashboard/times?done=saved'])
  expect(saved.headers.getSetCookie().join()).toMatch(/HttpOnly; Secure; SameSite=Lax/)
  expect(shownIn((await person.get('/dashboard/accounts')).text)).toBe('America/New_York')
  const refused = await person.post('/dashboard/times', { times: 'named', zone: 'Mars/Olympus' })
  expect(refused.status).toBe(400)
  expect(refused.text).toMatch(/There is no time zone of this name.*value="Mars\/Olympus"/)
  expect((await person.post('/dashboard/times', { times: 'utc', zone: '' })).status).toBe(303)
  expect(shownIn((await person.get('/dashboard/accounts')).text)).toBe('UTC')
  await person.post('/dashboard/times', { times: 'browser', zone: '' })
  expect(shownIn((await person.get('/dashboard/accounts')).text)).toBe('Europe/Berlin')
})
