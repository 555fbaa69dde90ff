/** Tables that become cards on a phone, and the small parts of their cells. */
import type { Child } from '../../core/jsx-runtime.ts'
import { momentIn } from '../../core/zone.ts'
import { relative } from '../format.ts'
import { LinkButton } from './notes.tsx'
import { ZoneContext } from './time.tsx'

/** A heading; with `num` the column holds numbers. */
type Column = string | { label: string; num: boolean }

const labelOf = (column: Column) => (typeof column === 'string' ? column : column.label)
const classOf = (column: Column) => (typeof column !== 'string' && column.num ? 'num' : undefined)

type TableProps = {
  caption: string
  columns: readonly Column[]
  rows: readonly (readonly Child[])[]
  /** Whether each cell says by itself what it is, so that a card on a phone needs no headings. */
  plain?: boolean
}

const isEmpty = (cell: Child): boolean => cell === '' || cell === null || cell === undefined || cell === false

/** Roles are spelled out: browsers drop them from tables that are laid out as cards. */
export const Table = ({ caption, columns: all, rows, plain = false }: TableProps) => {
  // A column in which nothing stands says nothing.
  const shown = all.map((_, index) => index).filter((index) => rows.some((cells) => !isEmpty(cells[index])))
  const columns = shown.map((index) => all[index]!)
  return (
    <div class="sheet">
      <table role="table">
        <caption class="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th role="columnheader" scope="col" class={classOf(column)}>
                {labelOf(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((cells) => (
            <tr role="row">
              {shown.map((at, index) => (
                <td
                  role="cell"
                  data-label={plain ? undefined : labelOf(columns[index]!)}
                  class={classOf(columns[index]!)}
                >
                  {cells[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The link to the next page. @param href null: this is the last one */
export const Older = ({ href, label }: { href: string | null; label: string }) =>
  href && (
    <p>
      <LinkButton href={href} label={label} />
    </p>
  )

const both = (at: string): string =>
  [...new Set([momentIn(ZoneContext.read(), at), momentIn('UTC', at)])].join(' = ')

/** How far away a moment is, with the moment itself on hover. @param never where there is none */
export const When = ({ at, never = 'never' }: { at: string | null; never?: string }) =>
  at === null ? (
    <span class="soft">{never}</span>
  ) : (
    <time datetime={at} title={both(at)}>
      {relative(at, Date.now())}
    </time>
  )

/** Names and values, one pair a line. */
export const Facts = ({ facts }: { facts: readonly (readonly [label: string, value: Child])[] }) => (
  <dl class="facts">
    {facts.map(([label, value]) => (
      <>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </>
    ))}
  </dl>
)

/** Names and values, side by side. */
export const Stats = ({ stats }: { stats: readonly (readonly [label: string, value: Child])[] }) => (
  <dl class="stats">
    {stats.map(([label, value]) => (
      <div>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** A line holds so many letters of a name on the narrowest screen; a break for each separator would weigh more than the names. */
const UNBROKEN = 16
const HASH = /^[0-9a-f]{64}$/

/** Parts of a name or a route that end with a separator each, save the last; of a hash, so many letters each. */
const partsOf = (text: string): string[] => {
  const parts = ['']
  for (const word of text.split(HASH.test(text) ? /(?<=^(?:.{16})+)/ : /(?<=[_/.?&=])/)) {
    if (parts.at(-1)!.length >= UNBROKEN) parts.push('')
    parts[parts.length - 1] += word
  }
  return parts
}

/** A name with underscores or a route, which may break after some separators and nowhere else. */
export const Name = ({ text }: { text: string }) => (
  <code>
    {partsOf(text).map((part, index) => (
      <>
        {index > 0 && <wbr />}
        {part}
      </>
    ))}
  </code>
)

/** Text to take along. @param id of the element that holds it, unique on its page */
export const Copy = ({ id, text, what }: { id: string; text: string; what: string }) => (
  <div class="copy">
    <pre id={id}>{text}</pre>
    <button class="mini" type="button" data-copy={id} hidden>
      Copy<span class="unseen"> {what}</span>
    </button>
  </div>
)
