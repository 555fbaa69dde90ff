/**
 * Whether the chain of every trail holds that the reader may see: a part of each at a time, and the page goes on by itself where
 * there is more. What was found so far travels in the form, which only a page of this session can send.
 */
import * as z from 'zod'
import { grouped, plural } from '../../core/words.ts'
import type { C } from '../app-type.ts'
import { hiddenIn } from '../form-data.ts'
import { Form } from '../parts/form.tsx'
import { Badge, Note } from '../parts/notes.tsx'
import { may, page } from '../parts/page.tsx'
import { Name, Table } from '../parts/table.tsx'
import { Refused } from '../refused.ts'
import type { Account, AccountEntry, Listed, Verified } from '../shapes.ts'
import { accountApi } from './account-head.tsx'

const DEPLOYMENT = 'deployment'
/** Trails of which a part is followed in one step; the others wait. */
const AT_ONCE = 10

const Trail = z.strictObject({
  id: z.string().max(40),
  name: z.string().max(300),
  rows: z.int().min(0),
  /** Rows that are still to be checked; null: nobody has looked yet. */
  left: z.int().min(0).nullable(),
  /** Where to go on; empty: at the beginning. Null: it is done. */
  next: z.string().max(100).nullable(),
  broken_at: z.int().nullable(),
  last_hash: z.string().max(64),
})
type Trail = z.infer<typeof Trail>

const FURTHER = z.string().max(20).nullable()

/** All trails of this run. `further`: accounts from there on were not looked at. */
const Run = z.strictObject({ trails: z.array(Trail).max(101), further: FURTHER })
type Run = z.infer<typeof Run>

const begun = (id: string, name: string): Trail => ({
  id,
  name,
  rows: 0,
  left: null,
  next: '',
  broken_at: null,
  last_hash: '',
})

/** Every trail that the reader may see, a hundred accounts at a time. @param from where the last hundred ended */
const trailsFor = async (c: C, from: string | null): Promise<Run> => {
  const query = { limit: '100', next_cursor: from ?? undefined }
  const accounts = await c.get('api').get<Listed<AccountEntry>>(['integrated-account'], query)
  const own = from === null && may(c, 'audit', null) ? [begun(DEPLOYMENT, 'The deployment')] : []
  const rest = accounts.result
    .filter(({ id }) => may(c, 'audit', id) || may(c, 'manage', id))
    .map(({ id, name }) => begun(id, name))
  const trails = [...own, ...rest]
  if (trails.length === 0) throw new Refused(403, 'This needs the role manage or audit for an account.')
  return { trails, further: accounts.next_cursor }
}

const followed = async (c: C, trail: Trail): Promise<Trail> => {
  const query = { integrated_account_id: trail.id, from: trail.next || undefined }
  const { chains } = await c.get('api').get<Verified>(['log', 'verify'], query)
  const { rows, rows_left: left, next, broken_at, last_hash } = chains[0]!
  return { ...trail, rows: trail.rows + rows, left, next, broken_at, last_hash }
}

/** One step: the first unfinished trails, each a part further. */
const step = async (c: C, { trails, further }: Run): Promise<Run> => {
  const now = [...trails.entries()].filter(([, { next }]) => next !== null).slice(0, AT_ONCE)
  const ahead = new Map(
    await Promise.all(now.map(async ([index, trail]) => [index, await followed(c, trail)] as const)),
  )
  return { trails: trails.map((trail, index) => ahead.get(index) ?? trail), further }
}

const Result = ({ trail: { next, broken_at, rows, left } }: { trail: Trail }) => {
  if (broken_at !== null) return <Badge tone="bad">{`breaks at row ${grouped(broken_at)}`}</Badge>
  if (next === null) return <Badge tone="ok">holds</Badge>
  if (left === null) return <Badge>waits its turn</Badge>
  return <Badge>{`${Math.floor((100 * rows) / Math.max(1, rows + left))} %`}</Badge>
}

const COLUMNS = ['Trail', 'Result', { label: 'Rows checked', num: true }, 'Last hash']

const rowOf = (trail: Trail) => [
  trail.name,
  <Result trail={trail} />,
  grouped(trail.rows),
  trail.last_hash && <Name text={trail.last_hash} />,
]

const Summary = ({ trails }: { trails: readonly Trail[] }) => {
  const open = trails.filter(({ next }) => next !== null).length
  const broken = trails.filter(({ broken_at }) => broken_at !== null).length
  const rows = trails.reduce((sum, trail) => sum + trail.rows, 0)
  if (broken > 0)
    return (
      <Note tone="bad" title={`The chain of ${plural(broken, 'trail')} breaks`}>
        A row was changed, moved or taken out. Export that trail now, and compare it with an earlier export.
      </Note>
    )
  if (open > 0)
    return (
      <Note tone="info" title={`${plural(trails.length - open, 'trail')} of ${grouped(trails.length)} done`}>
        {`${plural(rows, 'row')} checked so far. This goes on by itself while the page is open.`}
      </Note>
    )
  return (
    <Note
      tone="ok"
      title={trails.length === 1 ? 'The chain holds' : `All ${grouped(trails.length)} chains hold`}
    >
      {`${plural(rows, 'row')} checked; each follows the one before. Keep the last hashes somewhere else to prove it later.`}
      {trails.length > 1 && ' GET /log/verify has those of disconnected accounts too.'}
    </Note>
  )
}

const shown = (c: C, path: string, run: Run, crumb: { href: string; label: string }) => {
  const open = run.trails.some(({ next }) => next !== null)
  return page(
    c,
    {
      title: 'Verification',
      place: 'activity',
      crumbs: [crumb],
      lead: 'Each row of a trail carries a hash over itself and the row before it, so that none can be changed, moved or taken out unseen.',
    },
    <section id="verification" class="stack" aria-label="Verification">
      <Summary trails={run.trails} />
      {open && (
        <Form action={path} class="row" goesOn="verification">
          <input type="hidden" name="run" value={JSON.stringify(run)} />
          <button type="submit">Go on</button>
        </Form>
      )}
      {!open && run.further !== null && (
        <Form action={path} class="row">
          <input type="hidden" name="further" value={JSON.stringify(run.further)} />
          <button type="submit">Verify the accounts after these</button>
        </Form>
      )}
      <Table caption="Trails" columns={COLUMNS} rows={run.trails.map(rowOf)} />
    </section>,
  )
}

const runIn = async (c: C, begin: (further: string | null) => Promise<Run>): Promise<Run> => {
  const form = c.get('form')
  if (form.has('run')) return hiddenIn(form, 'run', Run)
  return begin(form.has('further') ? hiddenIn(form, 'further', FURTHER) : null)
}

const PATH = '/dashboard/activity'

/** All trails. */
export const verifyAll = async (c: C) => {
  const run = await runIn(c, (further) => trailsFor(c, further))
  return shown(c, `${PATH}/verify`, await step(c, run), { href: PATH, label: 'Activity' })
}

/** The trail of the account of the address. */
export const verifyOne = async (c: C) => {
  const { id, name } = await c.get('api').get<Account>(accountApi(c))
  const run = await runIn(c, async () => ({ trails: [begun(id, name)], further: null }))
  const path = `/dashboard/accounts/${encodeURIComponent(id)}/activity`
  return shown(c, `${path}/verify`, await step(c, run), { href: path, label: name })
}
