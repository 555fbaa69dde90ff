/** Writes of which nobody knows what became of them, and one of them with all that is known, to be settled by a person. */
import { Hono } from 'hono/tiny'
import { dollars } from '../../../core/money.ts'
import { capital, plural } from '../../../core/words.ts'
import { wordsFor } from '../../../rules/sentences/tools.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { Area, type Entered, Form, NOTHING, orAgain, Press } from '../../parts/form.tsx'
import { Badge, Empty, Note, RefusedNote } from '../../parts/notes.tsx'
import { page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { Facts, Name, Table, When } from '../../parts/table.tsx'
import type { AccountEntry, Listed, UnknownWrite } from '../../shapes.ts'

const COLUMNS = ['Write', 'Left', 'Last look', { label: 'Reserved', num: true }]

const HOME = '/dashboard/unknown-writes'

const addressOf = ({ integrated_account_id, idempotency_key }: UnknownWrite) =>
  `${HOME}/${integrated_account_id}/${encodeURIComponent(idempotency_key)}`

const titleOf = ({ tool, total_cents, count }: UnknownWrite): string => {
  if (total_cents > 0) return `Pay ${dollars(total_cents)}: ${plural(count, 'invoice')}`
  return capital(wordsFor(tool).noun)
}

const rowOf = (write: UnknownWrite & { account: string }) => [
  <>
    <a href={addressOf(write)}>{titleOf(write)}</a>
    <span class="sub">{write.account}</span>
  </>,
  <When at={write.left_at} />,
  write.last_look ?? 'Nobody has looked',
  write.total_cents > 0 ? dollars(write.total_cents) : '',
]

const MOST = '100'

const list = async (c: C) => {
  const api = c.get('api')
  const accounts = await api.get<Listed<AccountEntry>>(['integrated-account'], { limit: MOST })
  const found = await Promise.all(
    accounts.result.map(async ({ id, name }) => {
      const path = ['integrated-account', id, 'unknown-write']
      const { result } = await api.get<Listed<UnknownWrite>>(path, { limit: MOST })
      return result.map((write) => ({ ...write, account: name }))
    }),
  )
  return page(
    c,
    {
      title: 'Unknown outcomes',
      place: 'approvals',
      crumbs: [{ href: '/dashboard/approvals', label: 'Approvals' }],
      lead: 'Writes that left and were not answered clearly. Their money stays reserved and their equals are held back until somebody knows.',
    },
    found.flat().length === 0 ? (
      <Empty icon="approval" title="Nothing is unknown">
        When Finexio's answer to a write is lost, the write appears here until it was found at Finexio or
        settled.
      </Empty>
    ) : (
      <Table caption="Unknown outcomes" columns={COLUMNS} rows={found.flat().map(rowOf)} />
    ),
  )
}

const Settle = ({ write }: { write: UnknownWrite }) => (
  <Form action={addressOf(write)} title="What became of it">
    <p class="soft">
      Look it up at Finexio first. "Not carried out" releases its money and lets it be sent again; "Carried
      out" keeps it from being sent twice.
    </p>
    <input type="hidden" name="left_at" value={write.left_at} />
    <Area label="How do you know? (kept in the audit trail)" name="reason" />
    <div class="row">
      <Press name="outcome" value="carried_out" label="Carried out" tone="primary" />
      <Press name="outcome" value="not_carried_out" label="Not carried out" tone="danger" />
    </div>
  </Form>
)

const knownOf = ({
  tool,
  left_at,
  last_look,
  settles_from,
  total_cents,
  count,
  target,
  ...write
}: UnknownWrite) => {
  const targets = Object.values(target).join(', ')
  return [
    ['Tool', <Name text={tool} />],
    ['Left', <When at={left_at} />],
    ['Key', <code class="wrap">{write.idempotency_key}</code>],
    ['MCP server', write.mcp_server_name ?? <code class="wrap">{write.mcp_server_id}</code>],
    ...(targets === '' ? [] : [['Changes', targets] as const]),
    ...(count === 0
      ? []
      : [
          ['Reserved', `${dollars(total_cents)} for ${plural(count, 'invoice')}`] as const,
          ['To look for', write.payments.map(paidWords).join('; ')] as const,
        ]),
    ['Last look', last_look ?? 'Nobody has looked: resolve_finexio_write does.'],
    ...(settles_from === null
      ? []
      : [['Settled by a look that misses it, from', <When at={settles_from} />] as const]),
  ] as const
}

const stateWords = ({ state, refused_in_part, accepted_in_part }: UnknownWrite): string => {
  if (refused_in_part) return 'refused in part'
  return accepted_in_part ? 'accepted in part' : state
}

const paidWords = ({
  supplier_name,
  supplier_id,
  buyer_id,
  total_cents,
  count,
}: UnknownWrite['payments'][number]) =>
  `${dollars(total_cents)} in ${plural(count, 'invoice')} to ${supplier_name === null ? supplier_id : `${supplier_name} (${supplier_id})`}, buyer ${buyer_id}`

const showOne = async (c: C, { refused }: Entered = NOTHING) => {
  const path = ['integrated-account', c.req.param('account') ?? '', 'unknown-write', c.req.param('key') ?? '']
  const write = await c.get('api').get<UnknownWrite>(path)
  const { state, cannot_settle } = write
  const isOpen = state === 'unknown' || write.refused_in_part || write.accepted_in_part
  return page(
    c,
    {
      title: titleOf(write),
      place: 'approvals',
      crumbs: [{ href: HOME, label: 'Unknown outcomes' }],
      marks: <Badge tone={isOpen ? 'warn' : 'ok'}>{stateWords(write)}</Badge>,
    },
    <>
      <RefusedNote refused={refused} title="Not done" />
      <Section id="known" title="What is known" card>
        <Facts facts={knownOf(write)} />
      </Section>
      {isOpen &&
        (cannot_settle == null ? (
          <Settle write={write} />
        ) : (
          <Note tone="info" title="Another person settles this">
            {cannot_settle}
          </Note>
        ))}
    </>,
    refused ? 400 : 200,
  )
}

const settle = (c: C) => {
  const form = c.get('form')
  const { account = '', key = '' } = c.req.param() as Record<string, string>
  const send = async () => {
    const outcome = form.offered('outcome', ['carried_out', 'not_carried_out'])
    const reason = form.maybe('reason') ?? ''
    const path = ['integrated-account', account, 'unknown-write', key, 'settle']
    const body = {
      carried_out: outcome === 'carried_out',
      reason,
      left_at: form.maybe('left_at') ?? undefined,
    }
    await c.get('api').send('POST', path, body)
    return c.redirect(`${HOME}/${encodeURIComponent(account)}/${encodeURIComponent(key)}`, 303)
  }
  return orAgain(c, send, (entered) => showOne(c, entered))
}

export const unknownWritesPage: Page = {
  routes: new Hono<Dash>()
    .get('/unknown-writes', list)
    .get('/unknown-writes/:account/:key', (c) => showOne(c))
    .post('/unknown-writes/:account/:key', settle),
}
