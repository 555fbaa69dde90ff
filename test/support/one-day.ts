/**
 * Import this first where questions and their answers both name today (UTC): what is loaded after it does not begin so late that
 * midnight falls between the two.
 */
const NEEDED_MS = 180_000
const DAY_MS = 86_400_000

const left = DAY_MS - (Date.now() % DAY_MS)
if (left < NEEDED_MS) await new Promise((done) => setTimeout(done, left + 1_000))

export {}
