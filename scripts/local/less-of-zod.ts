/** JSON Schemas are made while a Worker is bundled: what zod and the official SDK have to make them is left out. A new version of either may need another look. */
import type { Plugin } from 'rolldown'

/** Each schema carries a function that turns it into JSON Schema. */
const MAKES_ITSELF = /^ {4}inst\._zod\.processJSONSchema = .*;\n/gm
const MAKES_STANDARD =
  /^ {12}jsonSchema: \{\n {16}input: createStandardJSONSchemaMethod\(this, "input"\),\n {16}output: createStandardJSONSchemaMethod\(this, "output"\),\n {12}\},\n/m
const MAKES_BY_CALL = /^ {4}toJSONSchema\(params\) \{\n.*\n {4}\},\n/m

/** @throws when zod does it otherwise than it did */
const unprinted: Plugin = {
  name: 'unprinted',
  transform: {
    filter: { id: /zod\/v4\/classic\/schemas\.js$/ },
    handler: (code) => {
      const less = [MAKES_ITSELF, MAKES_STANDARD, MAKES_BY_CALL].reduce((text, part) => {
        if (text.search(part) < 0) throw new Error('zod makes JSON Schemas in another way.')
        return text.replace(part, '')
      }, code)
      if (/processJSONSchema|createStandardJSON\w+\(|createToJSON\w+\(/.test(less))
        throw new Error('zod makes JSON Schemas in one more way.')
      return less
    },
  },
}

/** The SDK prints schemas of its high-level server and of forms that are given as zod types, neither of which is used here. */
const unprintedBySdk: Plugin = {
  name: 'unprinted-by-sdk',
  transform: {
    filter: { id: /@modelcontextprotocol\/server\/dist\/src-\w+\.mjs$/ },
    handler: (code) => {
      if (code.split('= z.toJSONSchema(').length !== 3)
        throw new Error('The SDK makes JSON Schemas in another way.')
      return `${code.replaceAll('= z.toJSONSchema(', '= notBuilt(')}
function notBuilt() { throw new Error('No JSON Schema is made while requests are served.') }
`
    },
  },
}

export const lessOfZod: readonly Plugin[] = [unprinted, unprintedBySdk]
