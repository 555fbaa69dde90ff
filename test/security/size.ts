/** How often the security tests repeat: a size for CI, and the whole of security.md with SECURITY_SIZE=full. */
const full = process.env.SECURITY_SIZE === 'full'

/** @param ci within `npm test`; @param whole the number that security.md asks for */
export const times = (ci: number, whole: number): number => (full ? whole : ci)

/** Runs `task` so many times, a few at once. */
export const inParallel = async (count: number, task: (index: number) => Promise<void>, width = 16) => {
  let next = 0
  const lane = async () => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane))
}
