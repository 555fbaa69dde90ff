/** What loosens about webhook secrets: hosts to which one may be sent that it could not be sent to before. */
import type { Context } from 'hono'
import { accountObject, secretsOf } from '../../account/account-stub.ts'
import type { App } from '../auth.ts'
import { unknownAccount } from '../errors.ts'
import type { Judged } from './judged.ts'

type Placed<Body> = { c: Context<App>; accountId: string; body: Body }

/** New values for the hosts that it has renew it; a secret that is new may be sent nowhere so far. */
export const judgedSecret = async <Body extends { allowed_hosts: string[] }>(
  { c, accountId, body }: Placed<Body>,
  name: string,
): Promise<Judged<Body>> => {
  const secrets = await secretsOf(accountObject(c.env, accountId)).list()
  if (!secrets) throw unknownAccount()
  const before = secrets.find((secret) => secret.name === name)?.allowed_hosts ?? []
  const grows = body.allowed_hosts.some((host) => !before.includes(host))
  return {
    target: { kind: 'secret', id: `${accountId}/${name}`, name },
    accounts: [accountId],
    present: before,
    touches: ['allowed_hosts'],
    now: grows ? null : body,
    waits: grows ? { loosens: [{ key: 'allowed_hosts', before, after: body.allowed_hosts }], body } : null,
  }
}
