/** The one page that shows an MCP URL: right after it was made, and never again. */
import { isLocal } from '../../identity/session.ts'
import type { C } from '../app-type.ts'
import { type ClientConfig, clientConfigs } from '../clients.ts'
import { Form } from '../parts/form.tsx'
import { LinkButton, Note } from '../parts/notes.tsx'
import { page } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { BearerField, TestResult } from '../parts/server/test-result.tsx'
import { Copy } from '../parts/table.tsx'
import type { Account, NewServer } from '../shapes.ts'
import { accountPath } from './account-head.tsx'

const LOCAL_ONLY =
  'It calls from its own servers, which cannot reach this machine: deploy first (npm run deploy), and make the URL there.'

type ClientProps = { config: ClientConfig; index: number; local: boolean }

const Client = ({ config: { client, steps, paste, hosted }, index, local }: ClientProps) => (
  <details class="client" open={index === 0}>
    <summary>{client}</summary>
    <div class="stack">
      {hosted && local && <Note tone="warn" title={LOCAL_ONLY} />}
      <ol class="steps">
        {steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <Copy id={`client-${index}`} text={paste} what={`for ${client}`} />
    </div>
  </details>
)

/** The URL travels back with this form alone, in its body. */
const TestForm = ({ action, made }: { action: string; made: NewServer }) => (
  <Form action={action} into="test" class="row">
    <input type="hidden" name="url" value={made.url} />
    {made.config.require_api_token_auth && <BearerField required />}
    <button type="submit" data-busy="Calling">
      Test connection
    </button>
  </Form>
)

/** `before`: what becomes of the URL that was there. */
type Made = { account: Account; made: NewServer; title: string; before?: string }

/** The page with the new URL, how to test it, and how to enter it into each client. */
export const createdPage = (c: C, { account, made, title, before }: Made) => {
  const path = accountPath(account.id)
  const server = `${path}/servers/${made.id}`
  return page(
    c,
    {
      title,
      place: 'accounts',
      crumbs: [
        { href: path, label: account.name },
        { href: server, label: made.name },
      ],
      actions: <LinkButton href={server} label="I have copied it" />,
    },
    <>
      <Section id="url-title" title="Copy it now" card>
        <p class="soft">
          This URL is shown once. It holds a secret: whoever has it can do what this server allows, until it
          ends or you revoke it.
        </p>
        {before && <p>{before}</p>}
        <Copy id="mcp-url" text={made.url} what="the URL" />
        <TestForm action={`${server}/test`} made={made} />
        <TestResult outcome={null} />
      </Section>
      <Section id="clients-title" title="Put it into a client" card>
        <div>
          {clientConfigs(made.url, made.resource_url ?? null).map((config, index) => (
            <Client config={config} index={index} local={isLocal(c)} />
          ))}
        </div>
      </Section>
    </>,
  )
}
