/** A guard that does what section 11 says of verified payees, as small as it goes, with faults to plant. */
import type { Answer, Product, Step } from './types.ts'
import type { World } from './world.ts'

export const FAULTS = [
  'looks at the record alone',
  'looks at the history alone',
  'looks once and remembers',
  'calls on the new number',
  'accepts whatever is there',
  'does not look again on approval',
  'forgets contacts',
  'a person vouches for good',
  'lets the rest of a batch pull it through',
  'tells nobody',
] as const
export type Planted = (typeof FAULTS)[number]

const DAY = 86_400_000

export class Reference implements Product {
  private vouched = new Map<string, Set<string>>()
  private looked = new Map<string, boolean>()
  private draft: { ids: string[]; numbers: string[] } | null = null
  private told = 0
  readonly world: World
  readonly planted: Planted | null

  constructor(world: World, planted: Planted | null = null) {
    this.world = world
    this.planted = planted
  }
  async begin(): Promise<void> {}

  private print(id: string): string {
    const { parties } = this.world
    const [fields, contacts, newest] = JSON.parse(parties.visible(id))
    if (this.planted === 'looks at the record alone') return JSON.stringify([fields, contacts])
    if (this.planted === 'looks at the history alone') return JSON.stringify(newest)
    if (this.planted === 'forgets contacts') return JSON.stringify([fields, newest])
    return this.planted === 'a person vouches for good' ? id : JSON.stringify([fields, contacts, newest])
  }
  private vouch(id: string): void {
    if (!this.vouched.has(id)) this.vouched.set(id, new Set())
    this.vouched.get(id)!.add(this.print(id))
  }
  private good(id: string): boolean {
    const remembered = this.looked.get(id)
    if (this.planted === 'looks once and remembers' && remembered !== undefined) return remembered
    const good = this.vouched.get(id)?.has(this.print(id)) ?? false
    this.looked.set(id, good)
    if (!good && this.world.isOpen(id) && this.planted !== 'tells nobody') this.told += 1
    return good
  }

  private async send(method: string, path: string, body: unknown): Promise<void> {
    await this.world.fetch(
      new Request(`https://finexio.test/v2${path}`, { method, body: JSON.stringify(body) }),
      'reference',
    )
  }
  async agent(step: Extract<Step, { do: 'agent' | 'agent contact' }>): Promise<Answer> {
    if (step.do === 'agent contact')
      await this.send(
        step.by === 'add' ? 'POST' : step.by === 'put' ? 'PUT' : 'DELETE',
        `/counterparties/suppliers/${step.id}/contacts${step.by === 'add' ? '' : `/${step.contact.external_reference_id}`}`,
        step.contact,
      )
    else
      await this.send(
        step.by.endsWith('put') ? 'PUT' : 'PATCH',
        `/counterparties/suppliers/${step.id}/`,
        step.fields,
      )
    return { is: 'left', text: '' }
  }
  async pay(call: string, step: Extract<Step, { do: 'pay' }>, numbers: string[]): Promise<Answer> {
    await this.world.fetch(new Request('https://finexio.test/v2/counterparties/suppliers'), call)
    const ids = step.by === 'id' ? step.ids : step.ids.map((id) => this.named(`REF-${id}`))
    const bad = ids.filter((id) => !this.good(id))
    const through = this.planted === 'lets the rest of a batch pull it through' && bad.length < ids.length
    if (bad.length > 0 && !through) return { is: 'held', text: `nobody vouched for ${bad}` }
    if (step.waits) {
      this.draft = { ids, numbers }
      return { is: 'waits', text: '' }
    }
    return this.leave(ids, numbers)
  }
  private named(ref: string): string {
    const { suppliers } = this.world.parties
    return [...suppliers].find(([, { fields }]) => fields.external_reference_id === ref)?.[0] ?? 'nobody'
  }
  private async leave(ids: string[], numbers: string[]): Promise<Answer> {
    await this.send(
      'POST',
      '/invoices/batch/',
      ids.map((id, at) => ({ receiving_counterparty_id: id, invoice_number: numbers[at] })),
    )
    return { is: 'left', text: '' }
  }
  async approve(): Promise<Answer> {
    const { draft } = this
    this.draft = null
    const blind = this.planted === 'does not look again on approval'
    if (!draft || (!blind && draft.ids.some((id) => !this.good(id)))) return { is: 'held', text: 'changed' }
    return this.leave(draft.ids, draft.numbers)
  }
  async callBack(id: string, number: 'before' | 'present' | 'outside'): Promise<boolean> {
    if (number === 'present' && this.planted !== 'calls on the new number') return false
    this.vouch(id)
    return true
  }
  async accept(): Promise<boolean> {
    const { history, suppliers } = this.world.parties
    const since = this.world.clock.now() - 90 * DAY
    for (const [id, { contacts }] of suppliers) {
      const changed = history.some(
        ({ object, at, action }) => object === id && at > since && action === 'Updated',
      )
      const touched = contacts.some(({ external_reference_id }) => external_reference_id === 'C-thief')
      if ((!changed && !touched) || this.planted === 'accepts whatever is there') this.vouch(id)
    }
    return true
  }
  async alarms(): Promise<number | null> {
    return this.told
  }
}
