/** Whether an account may be called at all, before anything is opened or sent. */
import type { Effect } from '../../../schemas/define.ts'
import type { Admission } from '../../rules/admission.ts'
import { Refusal } from '../refusal.ts'

export type Standing = Pick<Admission['account'], 'status' | 'read_only'>

/** @throws Refusal when Finexio refused the account's credential earlier, or the account takes no writes */
export const checkStanding = ({ status, read_only }: Standing, effect: Effect): void => {
  if (status === 'needs_reauth')
    throw new Refusal(
      'Finexio refused the credentials of this account. An operator has to renew or verify them in the account settings; repeating the call does not help.',
    )
  if (read_only && effect !== 'read')
    throw new Refusal('This account is read-only (405): an operator has to allow writes for it.')
}
