import { answers } from './answers.ts'
import { inputs } from './input.ts'
import { lists } from './lists.ts'
import { writes } from './writes.ts'

export const siblings = [...inputs, ...lists, ...writes, ...answers]
