/** Secrets of a deployment that lives on this machine only: made at random, never committed. */
import { randomBytes } from 'node:crypto'

export type DeploymentSecrets = {
  ADMIN_API_KEY: string
  TOKEN_PEPPER: string
  MASTER_KEY_V1: string
  MASTER_KEY_PRIMARY: string
}

/** A fresh set: 32 random bytes each, Base64, with version 1 of the master key as the sealing one. */
export const randomSecrets = (): DeploymentSecrets => ({
  ADMIN_API_KEY: randomBytes(32).toString('base64url'),
  TOKEN_PEPPER: randomBytes(32).toString('base64'),
  MASTER_KEY_V1: randomBytes(32).toString('base64'),
  MASTER_KEY_PRIMARY: '1',
})
