/** Imports between rooms, judged by the direction that rooms.ts allows. */
import { importable, isKnown, roomOf } from './rooms.ts'

/** One file imports another; `inType` as in imports.ts. */
export type Arrow = { from: string; to: string; inType: boolean }

export type RoomArrow = { from: string; to: string; imports: string[] }

const spelled = ({ from, to }: Arrow) => `${from} → ${to}`

/** Arrows from room to room, with the imports that make them; most first. */
export const roomArrows = (arrows: readonly Arrow[]): RoomArrow[] => {
  const crossing = arrows.filter(({ from, to }) => roomOf(from) !== roomOf(to))
  const grouped = Map.groupBy(crossing, ({ from, to }) => `${roomOf(from)} ${roomOf(to)}`)
  return [...grouped.values()]
    .map((group) => {
      const { from, to } = group[0]!
      return { from: roomOf(from), to: roomOf(to), imports: group.map(spelled) }
    })
    .sort((a, b) => b.imports.length - a.imports.length)
}

export type Judged = { against: RoomArrow[]; unjudged: RoomArrow[] }

/** `unjudged`: an end is a room that rooms.ts does not name. */
export const judge = (arrows: readonly RoomArrow[]): Judged => {
  const judged = arrows.filter(({ from, to }) => isKnown(from) && isKnown(to))
  return {
    against: judged.filter(({ from, to }) => !importable(from).has(to)),
    unjudged: arrows.filter((arrow) => !judged.includes(arrow)),
  }
}
