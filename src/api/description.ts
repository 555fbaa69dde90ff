/** `GET /openapi.json`, out of the file that `npm run assets` makes: no Worker carries its words. */
import * as z from 'zod'
import { assetOf } from '../core/assets.ts'
import { route } from './route.ts'

export const descriptionRoute = route('GET', '/openapi.json', 'getDescription', {
  role: 'public',
  says: 'This description',
  answer: z.looseObject({}),
  async handler({ c }) {
    const made = (await (await assetOf(c.env, 'openapi.json')).json()) as object
    return { ...made, servers: [{ url: new URL(c.req.url).origin }] }
  },
})
