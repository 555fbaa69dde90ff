/** Which roles somebody has, and where, in words. */
import { listed, plural } from '../../core/words.ts'
import { accountOf, type Grant, roleOf } from './roles.ts'

/** An auditor of everything and a clerk who may look at one account have the same role: where it holds tells them apart. */
export const rolesWords = (grants: readonly Grant[]): string => {
  const accounts = [...new Set(grants.flatMap((grant) => accountOf(grant) ?? []))]
  const held = (own: readonly Grant[], where: string): string[] => {
    const roles = [...new Set(own.map(roleOf))]
    return roles.length === 0
      ? []
      : [`the ${roles.length === 1 ? 'role' : 'roles'} ${listed(roles)} ${where}`]
  }
  return [
    ...held(
      grants.filter((grant) => accountOf(grant) === null),
      'for every account',
    ),
    ...held(
      grants.filter((grant) => accountOf(grant) !== null),
      `for ${plural(accounts.length, 'account')}`,
    ),
  ].join('; ')
}
