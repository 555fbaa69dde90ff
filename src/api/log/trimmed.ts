/** Whether rows went, of age or for want of room, before an export that runs had come to them. Pure. */
import type { AuditCursor, AuditPage } from '../../account/audit/trail.ts'

type Seen = ReadonlyMap<string, Pick<AuditPage, 'since' | 'began'>>

/** @param after lower bound of what is exported, in milliseconds, excluded */
export const watchTrimming = (after: number) => {
  const whole = new Map<string, number>()
  let gone: number | null = null
  return {
    /** To be told of every page. @param cursor where it began; null: at the newest row */
    see: (pages: Seen, cursor: AuditCursor | null): void => {
      for (const [trail, { since, began = since }] of pages) {
        const before = whole.get(trail) ?? began
        const isUnread = before <= (cursor?.at ?? before)
        if (isUnread && since > before && since > after) gone = Math.max(gone ?? 0, since)
        whole.set(trail, since)
      }
    },
    /** The moment before which rows may be missing, in milliseconds; null: none went. */
    gone: (): number | null => gone,
  }
}
