/**
 * JSON of the schemas of every tool; the bundler puts what this gives in this module's place (scripts/local/built-schemas.ts).
 * Where wrangler or a test bundles by itself, they are made when somebody first asks.
 */
export { packedSchemas as built } from './packed-schemas.ts'
