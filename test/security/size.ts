/** How often the security tests repeat: a size for CI, and the whole of security.md with SECURITY_SIZE=full. */
const full = process.env.SECURITY_SIZE === 'full'

/** @param ci within `npm test`; @param whole the number that security.md asks for */
export const times = (ci: number, whole: number): number => (full ? whole : ci)
