/** `npm run secrets`: secrets of a deployment, without deploying. */
import { randomBytes } from 'node:crypto'
import { optionsOf } from '../usage.ts'
import { masterVersions, missingSecrets, nextMasterKey, type Secrets } from './plan.ts'
import { orComplain, secretNames, uploadSecrets } from './wrangler.ts'

const random = () => randomBytes(32).toString('base64')

const USAGE = `Usage: npm run secrets -- [--env staging|production] [--rotate-master | --primary <n> | --print]

Secrets of a deployment, without deploying. Without a flag: adds those that are missing.

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
  return values.primary === undefined ? missingSecrets(present, random) : primary(values.primary, present)
}

const upload = (): number => {
  const secrets = wanted(secretNames(values.env))
  const names = Object.keys(secrets)
  if (names.length === 0) {
    console.log('All secrets are there.')
    return 0
  }
  console.log(`Adding ${names.join(', ')}.`)
  return uploadSecrets(values.env, secrets)
}

if (values.print) {
  for (const [name, value] of Object.entries(missingSecrets([], random))) console.log(`${name}=${value}`)
} else {
  process.exitCode = orComplain(upload)
}
