/** The one directory of a deployment. The binding is untyped, so that settings import no class: its type stands here. */
import type { Env } from '../core/env.ts'
import type { DirectoryObject } from './directory-object.ts'

export const directoryObject = ({ DIRECTORY }: Pick<Env, 'DIRECTORY'>) => {
  const directories = DIRECTORY as DurableObjectNamespace<DirectoryObject>
  return directories.get(directories.idFromName('directory'))
}
