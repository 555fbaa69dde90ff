/**
 * Codes and tokens as the library spells them: whose they are, which grant they belong to, and the secret. We give the
 * library the id of the resource for "whose", so that a token itself leads to the account that decides on it.
 */
import { type ResourceName, readResourceId, resourceIdOf } from '../rules/resource-id.ts'

const SHAPE = /^([0-9A-Za-z]{44}):([\w-]{16}):[\w-]{32}$/

/** `grantId`: as the library made it. */
export type Issued = ResourceName & { grantId: string }

/** Null for what was never issued here, judged by shape alone. */
export const readIssued = (text: string): Issued | null => {
  const [, id, grantId] = SHAPE.exec(text) ?? []
  const name = id === undefined ? null : readResourceId(id)
  return name && { ...name, grantId: grantId! }
}

/** Whether a token was issued for this server. */
export const isFor = (issued: Issued, name: ResourceName): boolean =>
  resourceIdOf(issued) === resourceIdOf(name)
