/** The page on which a person lets a client in: who asks, where access goes, what it opens, and the proof of who agrees. */
import type { ConsentDescription } from '@cloudflare/workers-oauth-provider'
import type { Effect } from '../../../schemas/define.ts'
import type { Server } from '../../account/tables/servers.ts'
import { cleanText, cut } from '../../core/text.ts'
import { momentIn } from '../../core/zone.ts'
import { AUTHORIZE } from '../../identity/addresses.ts'
import { isPrivateUse, placeOfRedirect } from '../redirects.ts'
import { page } from './page.tsx'

/** What a sign-in is about. `tools`: those that the server shows. */
export type Place = {
  accountName: string
  server: Pick<Server, 'name' | 'expires_at'>
  tools: readonly { title: string; effect: Effect }[]
}

export type Consent = {
  place: Place
  client: ConsentDescription
  /** Time zone of the reader, by its IANA name. */
  zone: string
  handle: string
  /** Set with the page: they bind its form to this browser. */
  headers: Headers
  /** Whether the box for changes is ticked. */
  ticked: boolean
  /** Why the page comes again. */
  problem?: string
  /**
   * The company's sign-in: whether there is one, who is signed in there in this browser (null: nobody), and the query of this
   * page, to which it leads back.
   */
  company: { offered: boolean; signedIn: string | null; back: string }
}

const LONGEST = 80

/** A name that a stranger chose: no invisible or direction-changing letters, and no longer than a line. */
export const shownName = (text: string): string => cut(cleanText(cut(text, 4 * LONGEST)).trim(), LONGEST)

const Tools = ({ tools, label, under }: { tools: Place['tools']; label: string; under?: boolean }) => (
  <details class={under ? 'under' : undefined}>
    <summary>
      {label}: {tools.length} {tools.length === 1 ? 'tool' : 'tools'}
    </summary>
    <ul>
      {tools.map(({ title }) => (
        <li>{title}</li>
      ))}
    </ul>
  </details>
)

const Reach = ({ tools, ticked }: { tools: Place['tools']; ticked: boolean }) => {
  const of = (effect: Effect) => tools.filter((tool) => tool.effect === effect)
  const [write, money] = [of('write'), of('money')]
  return (
    <fieldset>
      <legend>What it may do</legend>
      <Tools tools={of('read')} label="Read" />
      {write.length + money.length > 0 && (
        <>
          <label class="tick">
            <input type="checkbox" name="write" value="yes" checked={ticked} />
            <span>Also make changes</span>
          </label>
          {write.length > 0 && <Tools tools={write} label="Change data" under />}
          {money.length > 0 && <Tools tools={money} label="Move money, or change who is paid" under />}
        </>
      )}
    </fieldset>
  )
}

const Ends = ({ zone, at }: { zone: string; at: string }) => (
  <time datetime={at} title={momentIn('UTC', at)}>
    {momentIn(zone, at)}
  </time>
)

const Facts = ({ place, client, zone }: Pick<Consent, 'place' | 'client' | 'zone'>) => (
  <dl>
    <dt>Asked by</dt>
    <dd>
      {client.clientDomain ?? shownName(client.clientName)}
      {client.clientDomain === undefined && (
        <span class="warn"> (it named itself; nobody checked the name)</span>
      )}
    </dd>
    <dt>Access goes to</dt>
    <dd>
      <strong>{placeOfRedirect(client.redirectUri)}</strong>
    </dd>
    <dt>Account</dt>
    <dd>{place.accountName}</dd>
    <dt>MCP server</dt>
    <dd>{place.server.name}</dd>
    {place.server.expires_at !== null && (
      <>
        <dt>Ends</dt>
        <dd>
          <Ends zone={zone} at={new Date(place.server.expires_at).toISOString()} />
        </dd>
      </>
    )}
  </dl>
)

/** Most that the sign-in at the company carries along: a longer request is agreed to with an API token. */
const LONGEST_BACK = 1_900

const Company = ({ company: { offered, signedIn, back } }: Pick<Consent, 'company'>) => {
  if (signedIn !== null)
    return (
      <p>
        You are signed in as <strong>{shownName(signedIn)}</strong> at your company. Leave the field below
        empty to agree as that person.
      </p>
    )
  if (!offered || back === '' || back.length > LONGEST_BACK) return null
  return (
    <p>
      <a href={`/dashboard/sign-in/company?consent=${encodeURIComponent(back)}`}>Sign in with your company</a>
      , or type your API token.
    </p>
  )
}

const ApiTokenField = ({ required }: { required: boolean }) => (
  <>
    <label class="field" for="api-token">
      Your API token
    </label>
    <input
      type="password"
      id="api-token"
      name="api_token"
      required={required}
      autocomplete="off"
      spellcheck={false}
      aria-describedby="api-token-hint"
    />
    <p class="hint" id="api-token-hint">
      It begins with fxapi_ and has the role use. It is checked and not kept; the client never sees it. Your
      operator can end this access at any time.
    </p>
  </>
)

/** The page with its form; 403 where it comes again because of a problem, else 200. */
export const consentPage = ({
  place,
  client,
  zone,
  handle,
  headers,
  ticked,
  problem,
  company,
}: Consent): Response =>
  page(
    {
      title: `Let ${shownName(client.clientName)} use Finexio?`,
      status: problem === undefined ? 200 : 403,
      headers,
    },
    <form method="post" action={AUTHORIZE}>
      <Facts place={place} client={client} zone={zone} />
      {(client.redirectIsLoopback || isPrivateUse(client.redirectUri)) && (
        <p class="warn">
          Access goes to a program on your computer. Go on only if you just started it yourself.
        </p>
      )}
      <Reach tools={place.tools} ticked={ticked} />
      <input type="hidden" name="handle" value={handle} />
      {problem !== undefined && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <Company company={company} />
      <ApiTokenField required={company.signedIn === null} />
      <p class="actions">
        <button type="submit" name="decision" value="allow">
          Allow
        </button>
        <button type="submit" name="decision" value="deny" class="plain" formnovalidate>
          Deny
        </button>
      </p>
    </form>,
  )
