import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import { viewOf } from '../../src/tools/view.ts'

const tokens = (value: unknown) => encode(JSON.stringify(value)).length
const withoutOutputs = ({
  name,
  description,
  inputSchema,
}: {
  name: string
  description?: string
  inputSchema: unknown
}) => ({
  name,
  description,
  inputSchema,
})

/** Every token of the list is paid in every chat: figures of the issue as ceilings, in o200k tokens. */
test.each([
  { set: 'all methods', config: { methods: ['read', 'write'] }, whole: 22_000, inputs: 15_000 },
  { set: 'read-only', config: { methods: ['read'] }, whole: 9_000, inputs: 5_500 },
])(
  'tools/list of $set stays below $whole tokens, inputs alone below $inputs',
  ({ set, config, whole, inputs }) => {
    const { tools } = viewOf(config).list
    const sizes = { whole: tokens({ tools }), inputs: tokens(tools.map(withoutOutputs)) }
    console.info(`${set}: ${tools.length} tools, ${sizes.whole} tokens, ${sizes.inputs} without outputs`)
    expect(sizes.whole).toBeLessThanOrEqual(whole)
    expect(sizes.inputs).toBeLessThanOrEqual(inputs)
  },
)

test('no tool takes more than 2,000 tokens', () => {
  const { tools } = viewOf({ methods: ['read', 'write'] }).list
  for (const tool of tools) expect(tokens(tool), tool.name).toBeLessThanOrEqual(2_000)
})
