/** The one directory of a deployment. The binding is untyped, so that core/env.ts imports no class; its type is added here. */
import type { Env } from '../core/env.ts'
import type { DirectoryObject } from './directory-object.ts'

/** There is one for all accounts, people and API tokens. */
export const directoryObject = ({ DIRECTORY }: Pick<Env, 'DIRECTORY'>) => {
  const directories = DIRECTORY as DurableObjectNamespace<DirectoryObject>
  return directories.get(directories.idFromName('directory'))
}
