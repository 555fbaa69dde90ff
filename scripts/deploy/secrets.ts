/** `npm run secrets`: secrets of a deployment, without deploying. */
import { randomBytes } from 'node:crypto'
import { optionsOf } from '../usage.ts'
import { isPrivate, masterVersions, missingSecrets, nextMasterKey, type Secrets } from './plan.ts'
import { checkEnvironment, NO_ADMIN_KEY, orComplain, secretNames, uploadSecrets } from './wrangler.ts'

const random = () => randomBytes(32).toString('base64')

const USAGE = `Usage: npm run secrets -- [--env staging|production] [--rotate-master | --primary <n> | --print]

Secrets of a deployment, without deploying. Without a flag: adds those that are missing but
the admin key, which you set yourself or npm run deploy shows.

  --rotate-master  adds a further master key, unused
  --primary <n>    makes a version the one that seals
  --print          prints a fresh set for safekeeping and uploads nothing
  --help           this text`

const values = optionsOf(USAGE, {
  env: { type: 'string' },
  'rotate-master': { type: 'boolean', default: false },
  primary: { type: 'string' },
  print: { type: 'boolean', default: false },
})

/** @throws with the versions there are */
const primary = (version: string, present: readonly string[]): Secrets => {
  const versions = masterVersions(present)
  if (!versions.includes(Number(version)))
    throw new Error(
      `There is no MASTER_KEY_V${version}; this deployment has ${versions.join(', ') || 'none'}.`,
    )
  return { MASTER_KEY_PRIMARY: version }
}

const wanted = (present: readonly string[]): Secrets => {
  if (values['rotate-master']) return nextMasterKey(present, random)
  return values.primary === undefined
    ? missingSecrets(present, random, false)
    : primary(values.primary, present)
}

const upload = (): number => {
  if (values.primary !== undefined && !/^[1-9]\d*$/.test(values.primary))
    throw new Error(`--primary takes the number of a master key, such as 2, and not ${values.primary}.`)
  checkEnvironment(values.env)
  const present = secretNames(values.env)
  const secrets = wanted(present)
  const names = Object.keys(secrets)
  if (!present.includes('ADMIN_API_KEY')) console.log(NO_ADMIN_KEY)
  if (names.length === 0) {
    console.log('All secrets are there.')
    return 0
  }
  console.log(`Adding ${names.join(', ')}.`)
  return uploadSecrets(values.env, secrets)
}

/** Into a file is well, where one's own machine writes it. @throws in a build */
const print = (): number => {
  if (!isPrivate(process.env, true))
    throw new Error(
      'Secrets are not printed in CI: its logs are read by others. Run this on a machine of yours.',
    )
  for (const [name, value] of Object.entries(missingSecrets([], random, true)))
    console.log(`${name}=${value}`)
  return 0
}

process.exitCode = orComplain(values.print ? print : upload)
