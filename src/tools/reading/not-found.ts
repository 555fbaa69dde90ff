/** Where "there is none" is an answer and not a failure. */
import { FinexioFailure } from '../../finexio/failure.ts'

/** Null where Finexio knows no such record or page; every other failure goes on. */
export const noneIfNotFound = async <T>(read: Promise<T>): Promise<T | null> => {
  try {
    return await read
  } catch (failure) {
    if (failure instanceof FinexioFailure && failure.kind === 'not_found') return null
    throw failure
  }
}
