/** The address under which others import the reader of rate limits; it runs under plain Node as well. */
export * from './rate-limit/index.ts'
