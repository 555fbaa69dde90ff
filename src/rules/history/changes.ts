/** Changes of settings as the trail writes them: before and after of each key, cut into rows that stay small. Pure. */
import { type Difference, differences } from '../who/loosens.ts'

/** What has settings of its own. `deployment`: the switches of all accounts. */
export type TargetKind =
  | 'integrated_account'
  | 'mcp_server'
  | 'secret'
  | 'person'
  | 'api_token'
  | 'deployment'

/** `id`: of a secret its name; of the deployment `deployment`. */
export type Target = { kind: TargetKind; id: string }

/** Settings by key, masked; a key that is not set is missing. */
export type Values = Readonly<Record<string, unknown>>

/** A part of a value that is too long for one row: the JSON text of what is set, in order. Of what was set before there is nothing. */
export type Piece = { key: string; piece: number; pieces: number; text: string }

export type Step = Difference | Piece

export const isPiece = (step: Step): step is Piece => 'text' in step

/** In bytes of JSON: what a row says of changes, beside who made them. */
const MOST_BYTES = 5_500
/** Letters, of which none takes more than three bytes, or six where JSON escapes it. */
const PIECE_LENGTH = 1_600

const encoder = new TextEncoder()
const sizeOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length

const piecesOf = ({ key, after }: Difference): Piece[] => {
  const text = JSON.stringify(after)
  const pieces = Math.ceil(text.length / PIECE_LENGTH)
  return Array.from({ length: pieces }, (_, at) => ({
    key,
    piece: at + 1,
    pieces,
    text: text.slice(at * PIECE_LENGTH, (at + 1) * PIECE_LENGTH),
  }))
}

/** A change as one row can hold it. What was set before can be read back out of the rows before: it is left out first. */
const stepsOf = (change: Difference): Step[] => {
  if (sizeOf(change) <= MOST_BYTES) return [change]
  const short = { ...change, before: { left_out_bytes: sizeOf(change.before) } }
  return sizeOf(short) <= MOST_BYTES ? [short] : piecesOf(change)
}

/** Groups what fits into one row each, in order; nothing is one empty row. */
const packed = <Item>(items: readonly Item[]): Item[][] => {
  const rows: Item[][] = [[]]
  let room = MOST_BYTES
  for (const item of items) {
    const size = sizeOf(item) + 1
    if (size > room && rows.at(-1)!.length > 0) {
      rows.push([])
      room = MOST_BYTES
    }
    rows.at(-1)!.push(item)
    room -= size
  }
  return rows
}

/** What differs between two states, for the rows of one change: one list of steps for each row. */
export const rowsOf = (changes: readonly Difference[]): Step[][] => packed(changes.flatMap(stepsOf))

export type Shot = Target & { steps: Step[] }

/** Whole settings of many, for the rows of a snapshot. */
export const snapshotRows = (all: readonly (Target & { values: Values })[]): Shot[][] =>
  packed(
    all.flatMap(({ kind, id, values }) =>
      rowsOf(differences({}, values)).map((steps): Shot => ({ kind, id, steps })),
    ),
  )
