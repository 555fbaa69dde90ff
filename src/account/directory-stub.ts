/** The one directory of a deployment. The binding is untyped, so that core/env.ts imports no class; its type is added here. */
import type { Env } from '../core/env.ts'
import type { DirectoryObject } from './directory-object.ts'
import type { Called } from './tenant.ts'

/** There is one for all accounts, people and API tokens. */
export const directoryObject = ({ DIRECTORY }: Pick<Env, 'DIRECTORY'>) => {
  const directories = DIRECTORY as DurableObjectNamespace<DirectoryObject>
  return directories.get(directories.idFromName('directory'))
}

type Method = (...args: unknown[]) => Promise<unknown>

/** A part of the directory: a round trip a call, as for the parts of an account. */
const part =
  <Of extends 'settings' | 'audit'>(name: Of) =>
  (env: Pick<Env, 'DIRECTORY'>): Called<ReturnType<DirectoryObject[Of]>> => {
    const call =
      (method: string): Method =>
      async (...args) => {
        using target = directoryObject(env)[name]() as unknown as Record<string, Method> & Disposable
        return await target[method]!(...args)
      }
    return new Proxy({} as Called<ReturnType<DirectoryObject[Of]>>, {
      get: (_, method) => call(String(method)),
    })
  }

/** Changes of settings that wait, as the directory has them. */
export const settingsOf = part('settings')
/** The deployment's own trail. */
export const deploymentAuditOf = part('audit')
