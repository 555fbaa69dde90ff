/** The Durable Objects by name. */
import type { Env } from '../core/env.ts'

/** The one object of an account. @param accountId UUID in lower case */
export const accountObject = ({ ACCOUNTS }: Pick<Env, 'ACCOUNTS'>, accountId: string) =>
  ACCOUNTS.get(ACCOUNTS.idFromName(accountId))

/** The one directory of a deployment. */
export const directoryObject = ({ DIRECTORY }: Pick<Env, 'DIRECTORY'>) =>
  DIRECTORY.get(DIRECTORY.idFromName('directory'))
