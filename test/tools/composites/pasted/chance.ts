/** Reproducible chance for generated documents: the same seed makes the same document. */
export type Chance = {
  /** From 0, below 1. */
  next(): number
  /** Whole numbers, both ends included. */
  between(from: number, to: number): number
  pick<Value>(values: readonly Value[]): Value
  is(share: number): boolean
}

export const chanceOf = (seed: number): Chance => {
  let state = (seed * 2654435761) >>> 0 || 1
  const next = () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
  for (let at = 0; at < 8; at++) next()
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    between,
    pick: (values) => values[between(0, values.length - 1)]!,
    is: (share) => next() < share,
  }
}

/** Two neighbouring figures swapped; null where that changes nothing. */
export const transposed = (text: string, chance: Chance): string | null => {
  const places = [...text].flatMap((sign, at) =>
    /\d/.test(sign) && /\d/.test(text[at + 1] ?? '') && sign !== text[at + 1] ? [at] : [],
  )
  if (places.length === 0) return null
  const at = chance.pick(places)
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
}

const pad = (value: number, length = 2) => String(value).padStart(length, '0')

/** A day after 2026-01-01, as a document writes it. */
export const dayText = (day: number, style: 'iso' | 'us' | 'eu' | 'words'): string => {
  const date = new Date(Date.UTC(2026, 0, 1 + day))
  const [year, month, dayOf] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  if (style === 'us') return `${pad(month)}/${pad(dayOf)}/${year}`
  if (style === 'eu') return `${pad(dayOf)}.${pad(month)}.${year}`
  if (style === 'words')
    return `${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1]} ${dayOf}, ${year}`
  return `${year}-${pad(month)}-${pad(dayOf)}`
}

export type Money = 'plain' | 'grouped' | 'dollar' | 'comma'
/** Cents as a document writes them. */
export const moneyText = (cents: number, style: Money): string => {
  const sign = cents < 0 ? '-' : ''
  const whole = String(Math.floor(Math.abs(cents) / 100))
  const rest = pad(Math.abs(cents) % 100)
  const grouped = (mark: string) => whole.replace(/\B(?=(\d{3})+$)/g, mark)
  if (style === 'comma') return `${sign}${grouped('.')},${rest}`
  if (style === 'dollar') return `${sign}$${grouped(',')}.${rest}`
  return `${sign}${style === 'grouped' ? grouped(',') : whole}.${rest}`
}
