/** docs/rest-reference.md, written from `GET /openapi.json`. Pure. */

type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
}
type Content = Record<string, { schema: Schema; example?: unknown }>
type Parameter = { name: string; in: string; description: string; required: boolean; schema: Schema }
type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description: string
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, { $ref?: string; description: string; content?: Content }>
}
export type ApiDescription = {
  info: { description: string }
  tags: { name: string }[]
  components: { schemas: Record<string, Schema>; responses: Record<string, { description: string }> }
  paths: Record<string, Record<string, Operation>>
}

const HEAD = `# REST reference

Made by \`npm run docs\` from what \`GET /openapi.json\` of a deployment answers; [REST](rest.md) shows how it is used.`

/** As GitHub makes anchors. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-')

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;')

const nameIn = ({ $ref = '' }: Schema) => $ref.split('/').at(-1)!
const linkTo = (name: string) => `[${name}](#${anchor(name)})`
const isNull = ({ type }: Schema) => type === 'null'

const choice = (schema: Schema): Schema[] => schema.anyOf ?? schema.oneOf ?? []

/** What a value is, in a word or two. */
const typeOf = (schema: Schema): string => {
  if (schema.$ref) return linkTo(nameIn(schema))
  if (schema.enum) return schema.enum.map((one) => `\`${one}\``).join(', ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  const ways = choice(schema)
  if (ways.length > 0) return [...new Set(ways.map(typeOf))].join(' or ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  const { format, type = 'anything', additionalProperties } = schema
  if (type === 'object' && typeof additionalProperties === 'object' && !schema.properties)
    return `object of ${typeOf(additionalProperties)}`
  return format === 'uuid' || format === 'date' || format === 'date-time'
    ? format
    : [type].flat().join(' or ')
}

const defaultOf = ({ default: given }: Schema) =>
  given === undefined || typeof given === 'object' ? '' : ` Default: \`${given}\`.`

type Line = { name: string; schema: Schema; required: boolean }

/** Where further fields are: in itself, in what it lists, in one of its choices. */
const inside = (schema: Schema): [path: string, schema: Schema] | null => {
  if (schema.properties) return ['', schema]
  if (schema.items) {
    const found = inside(schema.items)
    return found && [`[]${found[0]}`, found[1]]
  }
  for (const way of choice(schema).filter((one) => !isNull(one))) {
    const found = inside(way)
    if (found) return found
  }
  return null
}

/** The fields of an object, those of inner objects with their path. */
const linesOf = (schema: Schema, prefix = ''): Line[] => {
  const found = inside(schema)
  if (!found) return []
  const [path, { properties = {}, required = [] }] = found
  const before = prefix === '' ? path.replace(/^\[\]$/, '[].') : `${prefix}${path}.`
  return Object.entries(properties).flatMap(([name, own]) => [
    { name: `${before}${name}`, schema: own, required: required.includes(name) },
    ...linesOf(own, `${before}${name}`),
  ])
}

const row = ({ name, schema, required }: Line, mark: boolean) =>
  `| \`${name}\` | ${cell(typeOf(schema))} | ${mark && required ? 'Required. ' : ''}${cell(schema.description ?? '')}${defaultOf(schema)} |`

/** @param sent whether a caller sends it, so that it matters what has to be there */
const fields = (schema: Schema, sent: boolean): string[] => {
  const lines = linesOf(schema)
  if (lines.length === 0) return [`${typeOf(schema)}.`]
  return ['| field | type | meaning |', '|---|---|---|', ...lines.map((line) => row(line, sent))]
}

const parameterRows = (parameters: readonly Parameter[]): string[] => {
  if (parameters.length === 0) return []
  const rows = parameters.map(({ name, schema, required, description, in: place }) =>
    row(
      { name: place === 'path' ? `{${name}}` : name, schema: { ...schema, description }, required },
      place === 'query',
    ),
  )
  return ['', '| parameter | type | meaning |', '|---|---|---|', ...rows]
}

const body = ({ requestBody }: Operation): string[] => {
  const json = requestBody?.content['application/json']
  if (!requestBody || !json) return []
  return [
    '',
    requestBody.required ? 'Body:' : 'Body, which may be left out:',
    '',
    ...fields(json.schema, true),
    '',
    '```json',
    JSON.stringify(json.example, null, 2),
    '```',
  ]
}

const answer = ([status, { content = {} }]: [string, Operation['responses'][string]]): string[] => {
  const json = content['application/json']
  if (!json) return ['', `Answer ${status}: ${Object.keys(content).join(' or ')}.`]
  if (json.schema.$ref) return ['', `Answer ${status}: ${linkTo(nameIn(json.schema))}.`]
  return ['', `Answer ${status}:`, '', ...fields(json.schema, false)]
}

const operation = (verb: string, path: string, one: Operation): string[] => {
  const all = Object.entries(one.responses)
  const refusals = all.map(([status]) => status).filter((status) => /^[45]/.test(status))
  return [
    '',
    `### ${one.operationId}`,
    '',
    `\`${verb.toUpperCase()} ${path}\` ${one.summary}. ${one.description}`,
    ...parameterRows(one.parameters),
    ...body(one),
    ...all.filter(([status]) => status.startsWith('2')).flatMap(answer),
    ...(refusals.length > 0 ? ['', `[Refusals](#refusals): ${refusals.join(', ')}.`] : []),
  ]
}

const operationsOf = ({ paths }: ApiDescription, tag: string) =>
  Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs)
      .filter(([, { tags }]) => tags.includes(tag))
      .map(([verb, one]) => ({ verb, path, one })),
  )

const contents = (description: ApiDescription): string[] => [
  '| | |',
  '|---|---|',
  ...description.tags.map(({ name }) => {
    const links = operationsOf(description, name).map(({ one }) => linkTo(one.operationId))
    return `| [${name}](#${anchor(name)}) | ${links.join(', ')} |`
  }),
  `| [Objects](#objects) | ${Object.keys(description.components.schemas).sort().map(linkTo).join(', ')} |`,
]

const refusals = ({ components }: ApiDescription): string[] => [
  '## Refusals',
  '',
  `Each has the form of ${linkTo('Error')}.`,
  '',
  '| status | means |',
  '|---|---|',
  ...Object.entries(components.responses).map(
    ([status, { description }]) => `| ${status === 'default' ? 'others' : status} | ${cell(description)} |`,
  ),
]

const objects = ({ components }: ApiDescription): string[] => [
  '## Objects',
  ...Object.entries(components.schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, schema]) => ['', `### ${name}`, '', ...fields(schema, false)]),
]

/** @param description as `GET /openapi.json` answers it */
export const restReference = (description: ApiDescription): string =>
  [
    HEAD,
    '',
    description.info.description,
    '',
    ...contents(description),
    ...description.tags.flatMap(({ name }) => [
      '',
      `## ${name}`,
      ...operationsOf(description, name).flatMap(({ verb, path, one }) => operation(verb, path, one)),
    ]),
    '',
    ...refusals(description),
    '',
    ...objects(description),
    '',
  ].join('\n')
