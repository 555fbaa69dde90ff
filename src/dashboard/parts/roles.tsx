/** Roles of people and of API tokens, as one reads them and as one gives them. */
import { ROLES as ALL } from '../../rules/who/roles.ts'
import type { SentForm } from '../form-data.ts'
import { Refused } from '../refused.ts'
import { grantIn } from '../role-words.ts'
import type { AccountEntry } from '../shapes.ts'
import { type Filled, isUntouched } from './fields.ts'
import { Choices, radios } from './form.tsx'
import { Note } from './notes.tsx'

const ROLES = [
  {
    value: 'use',
    label: 'Use MCP servers',
    hint: 'As second factor, or to sign in. Stands alone on a token.',
  },
  {
    value: 'approve',
    label: 'Approve writes',
    hint: 'Decides on what agents ask for. People only; with audit at most.',
  },
  {
    value: 'manage',
    label: 'Manage MCP servers',
    hint: 'Makes, changes and revokes MCP servers and webhook secrets.',
  },
  { value: 'audit', label: 'Audit', hint: 'Reads everything, stops writes, revokes URLs; widens nothing.' },
  {
    value: 'admin',
    label: 'Administer',
    hint: 'People, API tokens, accounts and their settings; manages and audits too. Never approves or calls.',
  },
]

/** A grant as a chip. @param accounts names by id */
export const grantWords = (accounts: ReadonlyMap<string, string>) => (grant: string) => {
  const { words, account } = grantIn(grant)
  return (
    <span class="chip wrap">
      {account === null ? words : `${words}: ${accounts.get(account) ?? account}`}
    </span>
  )
}

type Props = { accounts: readonly AccountEntry[]; grants: readonly string[] }

const partsOf = (grants: readonly string[]) => ({
  roles: [...new Set(grants.map((grant) => grant.split(':')[0]!))],
  accounts: [...new Set(grants.flatMap((grant) => grant.split(':')[1] ?? []))],
})

const forEach = (roles: readonly string[], accounts: readonly string[]): string[] =>
  accounts.length === 0 ? [...roles] : roles.flatMap((role) => accounts.map((id) => `${role}:${id}`))

/** What `RoleFields` are filled with. */
const roleFields = (grants: readonly string[]): Filled[] => {
  const { roles, accounts } = partsOf(grants)
  return [
    ...['', ...roles].map((role): Filled => ['roles', role]),
    ['accounts_who', accounts.length > 0 ? 'only' : 'any'],
    ...['', ...accounts].map((id): Filled => ['accounts', id]),
  ]
}

/** Whether the fields cannot say them: some are for all accounts and some are not, or each role has accounts of its own. */
const isMixed = (grants: readonly string[]): boolean => {
  const { roles, accounts } = partsOf(grants)
  return new Set([...forEach(roles, accounts), ...grants]).size !== new Set(grants).size
}

const Mixed = () => (
  <Note tone="info" title="Each role has accounts of its own">
    The fields below cannot show that. Left as they are, they change nothing; what you tick replaces it, and
    is shown before it is saved.
  </Note>
)

/** Which roles, and for which accounts: for all is a choice of its own. @param grants those that are ticked */
export const RoleFields = ({ accounts, grants }: Props) => {
  const chosen = partsOf(grants)
  const names = new Map(accounts.map(({ id, name }) => [id, name]))
  // One that is not listed any more stays: without it the roles would look as if they were for all.
  const ids = [...new Set([...names.keys(), ...chosen.accounts])]
  const which = radios('accounts_who', chosen.accounts.length > 0 ? 'only' : 'any')
  return (
    <>
      {isMixed(grants) && <Mixed />}
      <fieldset>
        <legend>May</legend>
        <Choices name="roles" options={ROLES} chosen={chosen.roles} />
      </fieldset>
      <fieldset>
        <legend>For which accounts</legend>
        <div class="choices">
          {which('any', 'All, those to come included')}
          {which('only', 'Only these')}
        </div>
        <div class="choices when-only">
          <Choices
            name="accounts"
            options={ids.map((id) => ({ value: id, label: names.get(id) ?? id }))}
            chosen={chosen.accounts}
          />
        </div>
      </fieldset>
    </>
  )
}

const chooseSome = () =>
  new Refused(400, 'Choose the accounts that the roles are for, or that they are for all of them.', [
    { path: 'accounts', message: 'choose at least one, or all' },
  ])

/** What was ticked, for showing it again. */
export const grantsSent = (form: SentForm): string[] => forEach(form.all('roles'), form.all('accounts'))

/**
 * The grants that `RoleFields` ask for; whether the accounts exist the API knows.
 * @param before those that they were filled with, kept as they are while nothing was ticked or unticked
 * @throws Refused 400
 */
export const grantsIn = (form: SentForm, before: readonly string[] = []): string[] => {
  const roles = form.chosen('roles', ALL)
  const accounts = form.chosen('accounts', form.all('accounts'))
  const which = form.offered('accounts_who', ['any', 'only'])
  if (isUntouched(form, roleFields(before))) return [...before]
  if (which === 'any') {
    if (accounts.some((id) => !before.some((grant) => grant.endsWith(`:${id}`)))) throw chooseSome()
    return roles
  }
  if (accounts.length === 0) throw chooseSome()
  return forEach(roles, accounts)
}
