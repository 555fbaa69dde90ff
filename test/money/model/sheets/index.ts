import { owed } from './owed.ts'
import { read } from './read.ts'

export const sheets = [...owed, ...read]
