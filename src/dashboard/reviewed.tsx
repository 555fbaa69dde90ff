/** Changing what is stored: its form, the difference, and saving only that. The same steps for everything that has settings. */
import type * as z from 'zod'
import type { Child } from '../core/jsx-runtime.ts'
import type { C } from './app-type.ts'
import { hiddenIn } from './form-data.ts'
import { type Entered, NOTHING, orAgain } from './parts/form.tsx'
import { type PageProps, page } from './parts/page.tsx'
import { type Difference, Review, type Why } from './parts/review.tsx'

/** What the form shows: what was entered, compared with `base`, or a change so far; else what is stored. */
export type Entry<Stored, Change> = { entered: Entered; base?: Stored; change?: Change }

/** `Loaded`: what is stored now; `Stored`: what of it the form was filled with; `Change`: as the API takes it. */
export type Reviewed<Loaded, Stored, Change> = {
  base: z.ZodType<Stored>
  change: z.ZodType<Change>
  /** @throws Refused */
  load(c: C): Promise<Loaded>
  /** The page with the form. */
  show(c: C, loaded: Loaded, entry: Entry<Stored, Change>): Response | Promise<Response>
  /** What the form changes of what it was filled with. @throws Refused 400 */
  changeIn(c: C, base: Stored, loaded: Loaded): Change
  /** Empty: it changes nothing any more. */
  differences(loaded: Loaded, change: Change): Difference[]
  /** What all of it comes to afterwards, above the differences. */
  outcome?(loaded: Loaded, change: Change): Child
  /** What the differences were made from; another text says that it changed meanwhile. */
  seen(loaded: Loaded): string
  /** Where the form is sent. */
  action(loaded: Loaded): string
  /** Where it leads when it is done. */
  home(loaded: Loaded): string
  frame(loaded: Loaded): Pick<PageProps, 'place' | 'crumbs'>
  /** @throws Refused */
  save(c: C, change: Change, loaded: Loaded): Promise<unknown>
}

/** When what is saved takes effect. */
const whenWords = (c: C, differences: readonly Difference[]): string => {
  const { actor, deployment } = c.get('session')
  if (!deployment.second_person_for_settings || !differences.some(({ looser }) => looser))
    return 'What is saved holds at once.'
  const waits =
    actor.kind === 'root'
      ? 'acts after 24 hours (7 days where nobody is there who approves)'
      : 'waits for another person to agree'
  return `What allows more ${waits}; the rest holds at once.`
}

const reviewPage = <Loaded, Stored, Change>(
  c: C,
  of: Reviewed<Loaded, Stored, Change>,
  loaded: Loaded,
  change: Change,
  why: Why = {},
) => {
  const differences = of.differences(loaded, change)
  if (differences.length === 0) return c.redirect(`${of.home(loaded)}?done=unchanged`, 303)
  const status = why.meanwhile ? 409 : 200
  return page(
    c,
    {
      ...of.frame(loaded),
      title: 'Look at what changes',
      lead: `Nothing is saved yet. ${whenWords(c, differences)}`,
    },
    <Review
      outcome={of.outcome?.(loaded, change)}
      action={of.action(loaded)}
      differences={differences}
      change={change}
      seen={of.seen(loaded)}
      {...why}
    />,
    why.refused ? 400 : status,
  )
}

const review = async <Loaded, Stored, Change>(c: C, of: Reviewed<Loaded, Stored, Change>) => {
  const loaded = await of.load(c)
  const base = hiddenIn(c.get('form'), 'base', of.base)
  return orAgain(
    c,
    async () => reviewPage(c, of, loaded, of.changeIn(c, base, loaded)),
    (entered) => of.show(c, loaded, { entered, base }),
  )
}

const again = async <Loaded, Stored, Change>(c: C, of: Reviewed<Loaded, Stored, Change>) => {
  const change = hiddenIn(c.get('form'), 'change', of.change)
  return of.show(c, await of.load(c), { entered: NOTHING, change })
}

const save = async <Loaded, Stored, Change>(c: C, of: Reviewed<Loaded, Stored, Change>) => {
  const form = c.get('form')
  const loaded = await of.load(c)
  const change = hiddenIn(form, 'change', of.change)
  if (form.one('seen') !== of.seen(loaded)) return reviewPage(c, of, loaded, change, { meanwhile: true })
  const send = async () => {
    await of.save(c, change, loaded)
    return c.redirect(`${of.home(loaded)}?done=saved`, 303)
  }
  return orAgain(c, send, async ({ refused }) => reviewPage(c, of, await of.load(c), change, { refused }))
}

const STEPS = { review, again, save }

/** The page with the form as it is stored. */
export const opening =
  <Loaded, Stored, Change>(of: Reviewed<Loaded, Stored, Change>) =>
  async (c: C) =>
    of.show(c, await of.load(c), { entered: NOTHING })

/** What the form and its difference send. @throws Refused 400 for another step */
export const stepping =
  <Loaded, Stored, Change>(of: Reviewed<Loaded, Stored, Change>) =>
  (c: C) =>
    STEPS[c.get('form').offered('step', ['review', 'again', 'save'])](c, of)

type Shape<Stored> = { [Key in keyof Stored]: readonly [label: string, says: (value: Stored[Key]) => string] }

/** Differences of two records in words. @param looser whether a change of a key lets more through */
export const differencesBy = <Stored extends object>(
  words: Shape<Stored>,
  [before, after]: readonly [Stored, Stored],
  looser: (key: keyof Stored) => boolean,
): Difference[] =>
  (Object.keys(words) as (keyof Stored)[])
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => {
      const [label, says] = words[key]
      return { label, before: says(before[key]), after: says(after[key]), looser: looser(key) }
    })
