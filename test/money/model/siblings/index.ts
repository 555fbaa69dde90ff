import { answers, spelled } from './answers.ts'
import { inputs } from './input.ts'
import { lists } from './lists.ts'
import { likenesses, unsaid, writes } from './writes.ts'

/** What the product claims already: asked of it in CI. */
export const claimed = [...inputs, ...lists, ...writes, ...likenesses, ...answers]
export const siblings = [...claimed, ...unsaid, ...spelled]
