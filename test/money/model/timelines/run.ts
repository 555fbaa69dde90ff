/** Plays a timeline and keeps what was seen. */
import type { ModelClock } from '../finexio/clock.ts'
import type { Answer, Product, Step, Timeline } from './types.ts'
import type { World } from './world.ts'

export interface Seen {
  /** Each payment that was asked for. */
  asked: { ids: string[]; answer: Answer }[]
  /** What reached Finexio for a payee that nobody vouched for. */
  stolen: string[]
  /** A change was to be seen while an invoice was unpaid, and nobody was told. */
  silent: string[]
  /** A call-back on a number that the change itself brought was taken down. */
  fooled: number
  /** Payments to unchanged payees that did not leave, with what was said. */
  heldBack: string[]
  total: number
}

export class Player {
  readonly seen: Seen = { asked: [], stolen: [], silent: [], fooled: 0, heldBack: [], total: 0 }
  private last = 0
  /** Payments to unchanged payees that wait for a person. */
  private waiting: { ids: string[]; numbers: string[] }[] = []
  readonly product: Product
  readonly world: World
  readonly clock: ModelClock
  private running = new Set<string>()
  readonly settle: () => Promise<void>
  readonly unchanged: (id: string) => boolean

  constructor(
    product: Product,
    world: World,
    clock: ModelClock,
    settle: (running: () => { name: string }[]) => Promise<void>,
    unchanged: (id: string) => boolean = () => false,
  ) {
    this.product = product
    this.world = world
    this.clock = clock
    this.settle = () => settle(() => [...this.running].map((name) => ({ name })))
    this.unchanged = unchanged
  }

  async play({ known, bank, openapi, steps }: Timeline): Promise<Seen> {
    const { parties } = this.world
    for (const [id, days] of known) this.world.known(id, days)
    parties.bank = bank
    parties.openapi = openapi
    await this.product.begin()
    // The beginning is nobody's attack, whether or not the product can say so.
    await this.product.accept()
    for (const [id] of known) this.world.vouch(id)
    for (const step of steps) await this.watched(step)
    this.seen.stolen = this.world.paid
      .filter(({ vouched }) => !vouched)
      .map(({ supplier, number }) => `${number} to ${supplier}`)
    return this.seen
  }
  /** With a look at whether somebody is told when a payee changes under an unpaid invoice. */
  private async watched(step: Step): Promise<void> {
    const ids = this.world.paid.map(({ supplier }) => supplier).filter((id) => this.world.isOpen(id))
    const before = ids.filter((id) => this.world.isVouched(id))
    const told = await this.product.alarms()
    await this.step(step)
    // Nothing is seen before somebody looks: a payment to that payee is a look.
    if (step.do !== 'pay' || told === null) return
    const unseen = step.ids.filter(
      (id) => ids.includes(id) && !this.world.isVouched(id) && !before.includes(id),
    )
    if (unseen.length > 0 && (await this.product.alarms()) === 0) this.seen.silent.push(`${unseen}`)
  }
  private async accept(): Promise<void> {
    const taken = await this.product.accept()
    if (!taken) return
    const since = this.clock.now() - 90 * 86_400_000
    for (const id of this.world.parties.suppliers.keys())
      if (!this.changedSince(id, since)) this.world.vouch(id)
  }
  /** Contacts have no history: whoever changed them did so after the beginning. */
  private changedSince(id: string, since: number): boolean {
    const { history, suppliers } = this.world.parties
    const touched = suppliers
      .get(id)!
      .contacts.some(({ external_reference_id }) => external_reference_id === 'C-thief')
    return (
      touched || history.some(({ object, at, action }) => object === id && at > since && action === 'Updated')
    )
  }
  private async step(step: Step): Promise<void> {
    const { parties } = this.world
    switch (step.do) {
      case 'wait':
        return this.clock.advance(step.seconds * 1_000, this.settle)
      case 'late':
        parties.lag = step.minutes * 60_000
        return
      case 'portal':
        return parties.change(step.id, step.fields)
      case 'portal contact':
        return parties.setContacts(step.id, step.contacts)
      case 'agent':
      case 'agent contact':
        await this.product.agent(step)
        return
      case 'accept':
        return this.accept()
      case 'approve':
        return this.approve()
      case 'call back':
        return this.callBack(step)
      case 'race':
        return this.race(step)
      case 'pay':
        await this.pay(step)
    }
  }
  private async callBack({ id, number }: Extract<Step, { do: 'call back' }>): Promise<void> {
    const taken = await this.product.callBack(id, number)
    if (!taken) return
    if (number === 'present') this.seen.fooled += 1
    else this.world.vouch(id)
  }
  private async approve(): Promise<void> {
    const { text } = await this.product.approve()
    const paid = this.world.paid.map(({ number }) => number)
    for (const { ids, numbers } of this.waiting) {
      this.seen.total += ids.length
      if (!numbers.every((number) => paid.includes(number)))
        this.seen.heldBack.push(...ids.map((id) => `${id}, approved: ${text.slice(0, 300)}`))
    }
    this.waiting = []
  }
  private async pay(step: Extract<Step, { do: 'pay' }>): Promise<void> {
    this.last += 1
    const numbers = step.ids.map((id) => `N-${this.last}-${id.replaceAll('_', '-')}`)
    const call = `pay ${this.last}`
    this.running.add(call)
    const answer = await this.product.pay(call, step, numbers).finally(() => this.running.delete(call))
    this.seen.asked.push({ ids: step.ids, answer })
    if (step.ids.some((id) => !this.unchanged(id))) return
    if (answer.is === 'waits') {
      this.waiting.push({ ids: step.ids, numbers })
      return
    }
    this.seen.total += step.ids.length
    if (answer.is !== 'left')
      this.seen.heldBack.push(...step.ids.map((id) => `${id}: ${answer.text.slice(0, 300)}`))
  }
  private async race({ id, fields }: Extract<Step, { do: 'race' }>): Promise<void> {
    this.world.slow = 6_000
    const paying = this.pay({ do: 'pay', ids: [id], by: 'id', waits: false })
    await this.settle()
    this.world.slow = 0
    await this.product.agent({ do: 'agent', by: 'patch', id, fields })
    await this.clock.advance(6_000, this.settle)
    await paying
  }
}
