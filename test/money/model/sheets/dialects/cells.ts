/** How one program, or one person, writes an amount, a day, a name or a heading. */
import type { Chance } from '../../../../tools/composites/pasted/chance.ts'
import type { Party } from './bills.ts'

export type Style = {
  amount: (cents: number) => string
  /** An amount that is a credit; @param cents without a sign */
  credit: (cents: number) => string
  day: (day: number) => string
  /** The day of {@link Style.day} with day and month changed over, where that is a day at all. */
  swapped: ((day: number) => string | null) | null
  name: (party: Party) => string
  heading: (words: string) => string
  /** Points group thousands and commas divide cents. */
  isEuropean: boolean
}

const grouped = (whole: number, mark: string, chance: Chance | null) => {
  const text = String(whole)
  return chance === null ? text : text.replace(/\B(?=(\d{3})+$)/g, mark)
}

const GROUPS: readonly [group: string, cents: string][] = [
  [',', '.'],
  ['', '.'],
  [',', '.'],
  ['.', ','],
  ['', ','],
  [' ', ','],
  ['\u00a0', ','],
  ['\u202f', ','],
  ["'", '.'],
  ['\u2019', '.'],
]

const amountsOf = (chance: Chance) => {
  const [group, mark] = chance.pick(GROUPS)
  // Excel's "General" leaves zeros out: 1200 and 12.5.
  const zeros = chance.pick<'kept' | 'whole' | 'general'>(['kept', 'kept', 'kept', 'whole', 'general'])
  const [before, behind] = chance.pick([
    ['', ''],
    ['', ''],
    ['$', ''],
    ['$ ', ''],
    ['USD ', ''],
    ['', ' USD'],
    ['US$', ''],
    ['', ' $'],
  ])
  const plain = (cents: number) => {
    const whole = grouped(Math.floor(cents / 100), group, chance)
    const rest = String(cents % 100).padStart(2, '0')
    if (cents % 100 === 0 && zeros !== 'kept') return whole
    return `${whole}${mark}${zeros === 'general' ? rest.replace(/0$/, '') : rest}`
  }
  const amount = (cents: number) => `${before}${plain(cents)}${behind}`
  const credit = chance.pick<(cents: number) => string>([
    (cents) => `-${amount(cents)}`,
    (cents) => `(${amount(cents)})`,
    (cents) => `${amount(cents)}-`,
    (cents) => `${amount(cents)} CR`,
    (cents) => `CR ${amount(cents)}`,
    (cents) => `\u2212${amount(cents)}`,
    (cents) => `${before}-${plain(cents)}${behind}`,
    (cents) => `${before}(${plain(cents)})${behind}`,
    (cents) => `- ${amount(cents)}`,
    (cents) => `<${amount(cents)}>`,
    (cents) => `${amount(cents)}${' '.repeat(40)}-`,
    (cents) => `${amount(cents)}Cr`,
  ])
  return { amount, credit, isEuropean: mark === ',' }
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const pad = (value: number) => String(value).padStart(2, '0')

export const isoOf = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
const partsOf = (day: number) => {
  const date = new Date(Date.UTC(2026, 0, 1 + day))
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const
}

type Write = (year: number, month: number, day: number) => string
const ORDERED: readonly Write[] = [
  (y, m, d) => `${pad(m)}/${pad(d)}/${y}`,
  (y, m, d) => `${m}/${d}/${y}`,
  (y, m, d) => `${m}/${d}/${y % 100}`,
  (y, m, d) => `${pad(m)}-${pad(d)}-${y}`,
  (y, m, d) => `${pad(m)}.${pad(d)}.${y}`,
  (y, m, d) => `${pad(m)}/${pad(d)}/${y} 12:00:00 AM`,
  (y, m, d) => `${pad(m)}/${pad(d)}/${y} 00:00`,
]
const CLEAR: readonly Write[] = [
  (y, m, d) => `${y}-${pad(m)}-${pad(d)}`,
  (y, m, d) => `${y}/${pad(m)}/${pad(d)}`,
  (y, m, d) => `${y}.${pad(m)}.${pad(d)}`,
  (y, m, d) => `${y}${pad(m)}${pad(d)}`,
  (y, m, d) => `${y}-${pad(m)}-${pad(d)}T00:00:00`,
  (y, m, d) => `${y}-${pad(m)}-${pad(d)}T00:00:00.000Z`,
  (y, m, d) => `${y}-${pad(m)}-${pad(d)} 00:00:00`,
  (y, m, d) => `${d}-${MONTHS[m - 1]!.slice(0, 3)}-${y}`,
  (y, m, d) => `${pad(d)}-${MONTHS[m - 1]!.slice(0, 3).toUpperCase()}-${y % 100}`,
  (y, m, d) => `${MONTHS[m - 1]!.slice(0, 3)} ${d}, ${y}`,
  (y, m, d) => `${MONTHS[m - 1]} ${d}, ${y}`,
  (y, m, d) => `${d} ${MONTHS[m - 1]} ${y}`,
  (y, m, d) => `${MONTHS[m - 1]!.slice(0, 3)}. ${d}, ${y}`,
  // The day that Excel counts.
  (y, m, d) => String(Date.UTC(y, m - 1, d) / 86_400_000 + 25_569),
]

const daysOf = (chance: Chance): Pick<Style, 'day' | 'swapped'> => {
  if (chance.is(0.4)) {
    const write = chance.pick(CLEAR)
    return { day: (day) => write(...partsOf(day)), swapped: null }
  }
  const write = chance.pick(ORDERED)
  const isDayFirst = chance.is(0.5)
  return {
    day: (at) => {
      const [year, month, day] = partsOf(at)
      return isDayFirst ? write(year, day, month) : write(year, month, day)
    },
    swapped: (at) => {
      const [year, month, day] = partsOf(at)
      return day <= 12 ? `${year}-${pad(day)}-${pad(month)}` : null
    },
  }
}

const plainLetters = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '')
const NAMES: readonly ((party: Party) => string)[] = [
  ({ name }) => name,
  ({ name }) => name,
  ({ name }) => name.toUpperCase(),
  ({ name }) => name.toLowerCase(),
  ({ name }) => plainLetters(name),
  ({ name }) => `  ${name.replace(' ', '  ')} `,
  ({ name }) => name.replace('&', '&amp;'),
  ({ id }) => id,
  ({ internal_id }) => internal_id,
  ({ name, internal_id }) => `${internal_id} ${name}`,
]

const HEADINGS: readonly ((words: string) => string)[] = [
  (words) => words,
  (words) => words,
  (words) => words,
  (words) => words.toUpperCase(),
  (words) => words.toLowerCase(),
  (words) => words.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase(),
  (words) =>
    words
      .replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
      .replace(/^\w/, (letter) => letter.toLowerCase()),
  (words) => words.replace(/ /g, ''),
  (words) => `*${words.replace(/ /g, '')}`,
  (words) => `  ${words} `,
  (words) => `${words}:`,
  (words) => `**${words}**`,
]

export const styleOf = (chance: Chance): Style => ({
  ...amountsOf(chance),
  ...daysOf(chance),
  name: chance.pick(NAMES),
  heading: chance.pick(HEADINGS),
})
