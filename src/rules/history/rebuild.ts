/** The settings at a moment, out of the rows of the trail alone. Pure. */
import { type Difference, differences } from '../who/loosens.ts'
import { isPiece, type Shot, type Step, type Target, type Values } from './changes.ts'

export type Made = 'created' | 'changed' | 'removed'

/** One row of the trail that changed settings. Times are milliseconds since the epoch. */
export type ChangeRow = Target & {
  seq: number
  at: number
  made: Made
  steps: readonly Step[]
  /** Where one change takes several rows. */
  part?: number
  parts?: number
}

/** One row of a snapshot: how everything was at the row `as_of_seq`, at the moment `as_of`. */
export type SnapshotRow = {
  seq: number
  why: 'migration' | 'retention'
  as_of: number
  as_of_seq: number
  part: number
  parts: number
  targets: readonly Shot[]
}

const keyOf = ({ kind, id }: Target): string => `${kind} ${id}`

type Held = Target & { values: Record<string, unknown>; texts: Record<string, string> }

/** Settings while rows are applied to them one by one. */
export class Settings {
  readonly #held = new Map<string, Held>()

  #of({ kind, id }: Target): Held {
    const key = keyOf({ kind, id })
    const held = this.#held.get(key) ?? { kind, id, values: {}, texts: {} }
    this.#held.set(key, held)
    return held
  }

  #step({ values, texts }: Held, step: Step): void {
    if (!isPiece(step)) {
      if (step.after === null) delete values[step.key]
      else values[step.key] = step.after
      return
    }
    const text = (step.piece === 1 ? '' : (texts[step.key] ?? '')) + step.text
    texts[step.key] = text
    if (step.piece === step.pieces) values[step.key] = JSON.parse(text)
  }

  shoot(targets: readonly Shot[]): void {
    for (const { kind, id, steps } of targets)
      for (const step of steps) this.#step(this.#of({ kind, id }), step)
  }

  apply({ kind, id, made, steps, part = 1 }: Omit<ChangeRow, 'seq' | 'at'>): void {
    if (made === 'removed' && kind === 'integrated_account') this.#emptied()
    if (made === 'removed' || (made === 'created' && part === 1)) this.#held.delete(keyOf({ kind, id }))
    if (made !== 'removed') for (const step of steps) this.#step(this.#of({ kind, id }), step)
  }

  /** Servers and secrets go with their account. */
  #emptied(): void {
    for (const [key, { kind }] of this.#held)
      if (kind === 'mcp_server' || kind === 'secret') this.#held.delete(key)
  }

  /** Null where there is no such thing. */
  valuesOf(target: Target): Values | null {
    const held = this.#held.get(keyOf(target))
    return held ? { ...held.values } : null
  }

  all(): (Target & { values: Values })[] {
    return [...this.#held.values()].map(({ kind, id, values }) => ({ kind, id, values: { ...values } }))
  }
}

/** `from`, `to`: its first and last row. */
export type Snapshot = Pick<SnapshotRow, 'why' | 'as_of' | 'as_of_seq'> & { from: number; to: number }

/** Snapshots of which every row is there, oldest first. @param rows in order */
const wholeOf = (rows: readonly Omit<SnapshotRow, 'targets'>[]): Snapshot[] =>
  rows.flatMap(({ seq, why, as_of, as_of_seq, part, parts }, at) => {
    const first = rows[at - parts + 1]
    const isWhole = part === parts && first?.part === 1 && first.as_of_seq === as_of_seq
    return isWhole ? [{ why, as_of, as_of_seq, from: first.seq, to: seq }] : []
  })

/**
 * Snapshots after which every change is told, oldest first: none from before the newest one that a retention wrote, since rows in
 * between are gone, or going. @param rows in order
 */
export const wholeSnapshots = (rows: readonly Omit<SnapshotRow, 'targets'>[]): Snapshot[] => {
  const whole = wholeOf(rows)
  const kept = whole.filter(({ why }) => why === 'retention').map(({ as_of_seq }) => as_of_seq)
  return whole.filter(({ as_of_seq }) => as_of_seq >= Math.max(0, ...kept))
}

/** Events that leave nothing behind to be rebuilt: the value is a secret. */
const EVENTS = ['credentials', 'token', 'value']

const isEvent = (key: string): boolean => EVENTS.includes(key)

/** One change of settings, whole: what each key was and became. `seq`, `at`: of its last row. */
export type Told<Row extends ChangeRow> = { row: Row; changes: Difference[] }

/**
 * Applies rows in order and tells each change once, with before and after in full also where a row had no room for them.
 * @param settings as they were before the first row; changed
 */
export const told = <Row extends ChangeRow>(settings: Settings, rows: Iterable<Row>): Told<Row>[] => {
  const out: Told<Row>[] = []
  let events: Difference[] = []
  let before: Values | null = null
  for (const row of rows) {
    const { part = 1, parts = 1, steps } = row
    if (part === 1) {
      before = settings.valuesOf(row)
      events = []
    }
    const left = steps.filter((step): step is Difference => !isPiece(step) && isEvent(step.key))
    events.push(...left)
    settings.apply({ ...row, steps: steps.filter((step) => !isEvent(step.key)) })
    const after = settings.valuesOf(row)
    if (part === parts) out.push({ row, changes: [...differences(before ?? {}, after ?? {}), ...events] })
  }
  return out
}
