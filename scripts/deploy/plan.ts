/** Which secrets a deployment still needs. Pure; values are made by the caller. */

/** What every deployment has, and why it is missed without. */
export const NEEDED = ['ADMIN_API_KEY', 'TOKEN_PEPPER', 'MASTER_KEY_V1', 'MASTER_KEY_PRIMARY'] as const

const MASTER_KEY = /^MASTER_KEY_V([1-9]\d*)$/

export type Secrets = Record<string, string>

/** Whether one person alone reads what is printed. Build logs are read by others: they hold no key. @param isTTY of the output */
export const isPrivate = ({ CI, WORKERS_CI }: NodeJS.ProcessEnv, isTTY: boolean | undefined): boolean =>
  isTTY === true && !CI && !WORKERS_CI

/** Versions of the master key that a deployment has, oldest first. */
export const masterVersions = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => MASTER_KEY.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)

/**
 * Secrets to add. What is there is never touched: another pepper would kill every URL, another master key every credential.
 * @param present names of the secrets that the deployment has
 * @param random a fresh secret of 32 bytes in Base64
 * @param shown whether somebody will see the admin key; otherwise none is made, since nobody would ever know it
 */
export const missingSecrets = (present: readonly string[], random: () => string, shown: boolean): Secrets => {
  const made: Secrets = {}
  const lacks = (name: string) => !present.includes(name)
  if (shown && lacks('ADMIN_API_KEY')) made.ADMIN_API_KEY = random()
  if (lacks('TOKEN_PEPPER')) made.TOKEN_PEPPER = random()
  if (masterVersions(present).length === 0) made.MASTER_KEY_V1 = random()
  if (lacks('MASTER_KEY_PRIMARY')) made.MASTER_KEY_PRIMARY = String(masterVersions(present).at(-1) ?? 1)
  return made
}

/** A further master key, not in use yet: every isolate has to know it before anything is sealed with it. */
export const nextMasterKey = (present: readonly string[], random: () => string): Secrets => ({
  [`MASTER_KEY_V${(masterVersions(present).at(-1) ?? 0) + 1}`]: random(),
})
