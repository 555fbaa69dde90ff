/** Words in which acceptances are written down. */
import type { Accepted } from '../compare.ts'

/** Finexio's file has it, we do not. */
export const missing = (routes: readonly string[], at: string, theirs: string, reason: string): Accepted => ({
  routes,
  at,
  theirs,
  ours: 'none',
  reason,
})

/** We have it, Finexio's file does not. */
export const extra = (routes: readonly string[], at: string, ours: string, reason: string): Accepted => ({
  routes,
  at,
  theirs: 'none',
  ours,
  reason,
})

/** Reason shared by several. */
export const SAMPLED = "Finexio's own samples return it; the file forgets it."
