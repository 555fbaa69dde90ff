/** Differences from Finexio's OpenAPI file (October 2025) that are meant, each with its reason. */
import type { Accepted } from '../compare.ts'
import { everywhere } from './everywhere.ts'
import { money } from './money.ts'
import { parties } from './parties.ts'

export const accepted: readonly Accepted[] = [...everywhere, ...parties, ...money]
