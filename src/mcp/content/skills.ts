/** Workflows as skills (SEP-2640). Written by hand: the SDK's `ext/skills` brings a reader of YAML, and wants its own kind of server. */
import type { Server } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { sha256Hex } from '../../core/sha256.ts'
import { cut } from '../../core/text.ts'
import type { ToolView } from '../../tools/contract.ts'
import { invalid, onePage } from './invalid.ts'
import { type Workflow, workflowsFor } from './workflows.ts'

export const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills'

type Skill = { uri: string; name: string; title: string; description: string; text: string }

const listed = (all: readonly string[]) => all.map((line) => `- ${line}\n`).join('')

const bodyOf = ({ title, arguments: asked, text, steps = [] }: Workflow, sees: ToolView['has']): string => {
  const given = asked.filter(({ required }) => required).map(({ name }) => [name, `<${name}>`])
  const calls = steps
    .filter(([tool]) => sees(tool))
    .map(([tool, args], index) => `${index + 1}. \`${tool}\` with \`${JSON.stringify(args)}\`\n`)
  return `# ${title}

The task, in the words of whoever asks:

> ${text(Object.fromEntries(given), sees).replaceAll('\n', '\n> ')}

Ask for what is missing:

${listed(asked.map(({ name, description, required }) => `\`<${name}>\`: ${description}${required ? '' : ' Optional.'}`))}
Calls, in order; \`<…>\` stands for what was asked for or attached, or what an earlier call gave:

${calls.join('')}`
}

const skillOf = (workflow: Workflow, sees: ToolView['has']): Skill => {
  const { title, description } = workflow
  const name = workflow.name.replaceAll('_', '-')
  const text = `---\nname: ${name}\ndescription: ${JSON.stringify(description)}\n---\n\n${bodyOf(workflow, sees)}`
  return { uri: `skill://${name}/SKILL.md`, name, title, description, text }
}

/** The skills of a server: a workflow with steps whose tools it shows. */
export const skillsFor = (view: Pick<ToolView, 'has'>): Skill[] =>
  workflowsFor(view)
    .filter(({ steps }) => steps)
    .map((workflow) => skillOf(workflow, view.has))

const MARKDOWN = 'text/markdown'

/** As `resources/list` shows it. */
export const listedSkill = ({ uri, name, title, description }: Skill) => ({
  uri,
  name,
  title,
  description,
  mimeType: MARKDOWN,
})

/** As `resources/read` answers it. */
export const skillContents = ({ uri, text }: Skill) => ({ uri, mimeType: MARKDOWN, text })

const entryOf = ({ uri, name, description, text }: Skill) => ({
  uri,
  frontmatter: { name, description },
  resources: [{ uri, digest: `sha256:${sha256Hex(text)}`, size: new TextEncoder().encode(text).byteLength }],
})

/** @param hint how long a client may keep an answer */
export const serveSkills = (server: Server, view: ToolView, hint: object): void => {
  server.setRequestHandler(
    'skills/list',
    { params: z.object({ cursor: z.string().optional() }) },
    (params) => {
      onePage(params, 'list of skills')
      return { skills: skillsFor(view).map(entryOf), ...hint }
    },
  )
  server.setRequestHandler('skills/get', { params: z.object({ uri: z.string() }) }, ({ uri }) => {
    const skill = skillsFor(view).find((one) => one.uri === uri)
    if (!skill) throw invalid(`Unknown skill: ${cut(uri, 64)}`)
    return { skill: entryOf(skill), ...hint }
  })
}
