/** Who may decide on a draft, by name, and whether one person could get around asking anybody. */
import { createContext } from '../../../core/jsx-runtime.ts'
import { firstOf } from '../../../core/words.ts'
import type { Approval } from '../../shapes.ts'
import { Note } from '../notes.tsx'

/** More names than this are counted. */
const MOST_NAMES = 12

const RULE =
  'It takes a person who held the role approve before this was asked: not who asked, works through the MCP server, made, rotated or last changed it, or changed a supplier that this is about, and nobody by a token that one of them issued.'

const NOBODY =
  'Nobody may, as things stand. Give the role approve to somebody with no part in it, by a token that none of those people issued, then have the draft made anew: a role has to be older than the draft.'

const namesOf = (people: readonly { name: string }[]): string => {
  const names = people.map(({ name }) => name)
  return firstOf(names, MOST_NAMES)
}

type WhoMayProps = { approval: Pick<Approval, 'cannot_decide' | 'may_approve'>; own: string }

/** Why the viewer may not decide, if so, and who may. @param own id of the viewer */
export const WhoMay = ({ approval: { cannot_decide, may_approve = [] }, own }: WhoMayProps) => {
  const others = may_approve.filter(({ id }) => id !== own)
  if (cannot_decide == null)
    return others.length === 0 ? null : <p class="small soft">{`So may: ${namesOf(others)}.`}</p>
  return (
    <Note tone="info" title="A second person decides">
      <p>{cannot_decide}</p>
      {may_approve.length === 0 ? (
        <p>{NOBODY}</p>
      ) : (
        <p>
          <b>{`${namesOf(may_approve)} may.`}</b> Send them the address of this page.
        </p>
      )}
      <p>{RULE}</p>
    </Note>
  )
}

/**
 * Whether one person could undo a rule that asks for approval: `mendable`, where whoever looks can ask for a second person;
 * null: nobody could alone.
 */
export const UndoableContext = createContext<'mendable' | 'told' | null>(null)

const WORDS =
  'Whoever manages the MCP server can turn its approval off alone, while settings need no second person.'

/** Said wherever approval is spoken of, while one person alone could undo it; nothing otherwise. @param brief among fields @param here on the page where it is mended */
export const Undoable = ({ brief, here }: { brief?: boolean; here?: boolean }) => {
  const undoable = UndoableContext.read()
  if (undoable === null) return null
  const mend = undoable === 'mendable' && !here && <a href="/dashboard/deployment">Ask for a second</a>
  return brief ? (
    <p class="hint">One person can undo this rule. {mend}</p>
  ) : (
    <Note tone="warn" title={here ? 'One person can turn approval off' : 'One person can undo this rule'}>
      {WORDS} {mend}
    </Note>
  )
}
