/** What pages about payees share: the words of a state, where they are, and what an account makes of them. */
import type { C } from '../../app-type.ts'
import { Badge, type BadgeTone } from '../../parts/notes.tsx'
import type { Overview, PayeeEntry } from '../../shapes.ts'

export const HOME = { href: '/dashboard/payees', label: 'Payees' }

const TONES: Readonly<Record<PayeeEntry['state'], BadgeTone>> = {
  called_back: 'ok',
  accepted: 'info',
  changed: 'bad',
  unverified: 'warn',
}
export const STATE_WORDS: Readonly<Record<PayeeEntry['state'], string>> = {
  called_back: 'called back',
  accepted: 'accepted as it was',
  changed: 'changed',
  unverified: 'nobody vouched',
}

export const State = ({ state }: { state: PayeeEntry['state'] }) => (
  <Badge tone={TONES[state]}>{STATE_WORDS[state]}</Badge>
)

export const hrefOf = (account: string, supplier: string) =>
  `/dashboard/payees/${encodeURIComponent(account)}/${encodeURIComponent(supplier)}`

export const apiOf = (account: string, ...more: string[]) => ['integrated-account', account, 'payee', ...more]

/** The account and what it makes of payees, as everybody may read it who has a role there. */
export const ruleOf = (c: C, id: string) => c.get('api').get<Overview>(['integrated-account', id, 'overview'])

export const placeIn = (c: C) => ({
  account: c.req.param('account') ?? '',
  supplier: c.req.param('supplier') ?? '',
})
