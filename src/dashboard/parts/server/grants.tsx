/** Clients that people let in by signing in, and ending that. */
import type { Grant } from '../../shapes.ts'
import { Badge } from '../notes.tsx'
import { Section } from '../section.tsx'
import { RowButton } from '../sure.tsx'
import { Copy, Table, When } from '../table.tsx'

const COLUMNS = ['Client', 'Let in by', 'May', 'Last used', 'End']

const rowOf = (path: string, grant: Grant) => [
  <>
    <strong class="wrap">{grant.client_name}</strong>
    <span class="sub">{grant.redirect_uri}</span>
  </>,
  <>
    {grant.person_name} {!grant.active && <Badge tone="warn">may not call any more</Badge>}
  </>,
  <span class="chips">
    {grant.scopes.map((scope) => (
      <span class="chip">{scope}</span>
    ))}
  </span>,
  <When at={grant.last_used_at} />,
  <RowButton action={`${path}/grants/${grant.id}`} label="End" of={grant.client_name} />,
]

/** Only of servers with a second factor: the others know no sign-in. @param url of this server without a secret */
export const Grants = ({ path, url, grants }: { path: string; url: string; grants: readonly Grant[] }) => (
  <Section id="grants" title="Sign-ins">
    <p class="soft">
      ChatGPT and Claude sign in here instead of sending an API token: give them this URL, which holds no
      secret. Whoever signs in needs an API token with the role use.
    </p>
    <Copy id="sign-in-url" text={url} what="the URL to sign in at" />
    {grants.length > 0 && (
      <Table
        caption="Clients that signed in"
        columns={COLUMNS}
        rows={grants.map((grant) => rowOf(path, grant))}
      />
    )}
  </Section>
)
