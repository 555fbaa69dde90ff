export type RateLimit = { limit: number | null; remaining: number | null; reset: number | null }
