/** What a filter shows, before and after a server is made with it. */
import { grouped, plural } from '../../../core/words.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'
import { type Described, toolPreview } from '../../../tools/visible/preview.ts'
import { about } from '../../format.ts'
import { Badge, Note } from '../notes.tsx'
import { Name } from '../table.tsx'

const effectsOf = (tools: readonly Described[]) => ({
  read: tools.filter(({ effect }) => effect === 'read').length,
  write: tools.filter(({ effect }) => effect === 'write').length,
  money: tools.filter(({ effect }) => effect === 'money').length,
})
/** How many tools only read, how many write, and how many can move money. */
export type Effects = ReturnType<typeof effectsOf>

/** The tools of a configuration; none for one that the API would refuse. */
export type Seen = {
  tools: readonly Described[]
  tokens: number
  effects: Effects
  problems: readonly string[]
}

/** What a configuration exposes, or what is wrong with it. @param stored what there is already, whatever of it is not known */
export const seenThrough = (config: ServerConfig, stored?: ServerConfig): Seen => {
  const problems = toolPreview.problemsOf(config, stored).map(({ message }) => message)
  const tools = problems.length > 0 ? [] : toolPreview.toolsOf(config)
  return {
    tools,
    tokens: tools.length > 0 ? toolPreview.tokensOf(config) : 0,
    effects: effectsOf(tools),
    problems,
  }
}

/** Names of tools by effect, the dangerous ones first. */
export const ToolList = ({ tools }: { tools: readonly Described[] }) => (
  <section class="scroll stack tight" tabindex={0} aria-label="List of tools">
    {(['money', 'write', 'read'] as const)
      .map((effect) => [effect, tools.filter((tool) => tool.effect === effect)] as const)
      .filter(([, own]) => own.length > 0)
      .map(([effect, own]) => (
        <>
          <p>
            <Badge tone={effect}>{effect}</Badge>
          </p>
          <ul class="tools">
            {own.map(({ name }) => (
              <li>
                <Name text={name} />
              </li>
            ))}
          </ul>
        </>
      ))}
  </section>
)

const EFFECTS = [
  ['read', 'change nothing'],
  ['write', 'change something, but cannot move money'],
  ['money', 'create payments, or change who is paid and how'],
] as const

const Counts = ({ effects }: { effects: Effects }) => (
  <ul class="plain counts">
    {EFFECTS.filter(([effect]) => effects[effect] > 0).map(([effect, words]) => (
      <li>
        <Badge tone={effect}>{effect}</Badge>
        <span class="small soft">{`${grouped(effects[effect])} ${words}`}</span>
      </li>
    ))}
  </ul>
)

type MayProps = { says: readonly string[]; title?: string }

/** What a server may do, in sentences. */
export const May = ({ says, title = 'What it may do' }: MayProps) => (
  <>
    <h2 id="may">{title}</h2>
    <ul class="plain stack tight">
      {says.map((sentence) => (
        <li>{sentence}</li>
      ))}
    </ul>
  </>
)

type PreviewProps = {
  seen: Seen
  says: readonly string[] /** Whether an agent alone can have money sent. */
  unasked: boolean
}

/** Has one id, so that the script can replace it by a fresh one. */
export const Preview = ({ seen: { tools, tokens, effects, problems }, says, unasked }: PreviewProps) => (
  <section
    id="preview"
    class="card stack"
    aria-live="polite"
    aria-label="What it exposes"
    data-writes={effects.write + effects.money > 0 ? '1' : '0'}
    data-money={effects.money > 0 ? '1' : '0'}
  >
    {problems.length === 0 && <May says={says} />}
    {unasked && effects.money > 0 && (
      <Note tone="warn" title="No other person is asked">
        An invoice is the instruction to pay it: what the agent sends is paid.
      </Note>
    )}
    <h2>What it exposes</h2>
    {problems.length > 0 ? (
      <Note tone="warn" title="No such server can be made">
        {problems.join('; ')}
      </Note>
    ) : (
      <>
        <p>
          <strong>{plural(tools.length, 'tool')}</strong>
          <span class="soft">{`, about ${about(tokens)} tokens in every chat`}</span>
        </p>
        <Counts effects={effects} />
      </>
    )}
  </section>
)
