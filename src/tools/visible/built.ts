/**
 * JSON of the schemas of every tool, by name; the bundler puts it in this module's place (scripts/local/built-schemas.ts).
 * Null where wrangler or a test bundles by itself: each schema is then made when somebody first asks.
 */
export const BUILT: string | null = null
