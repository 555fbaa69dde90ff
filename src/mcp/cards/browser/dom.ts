/** Building elements. Text becomes text nodes and nothing else, so that no value from Finexio can become markup. */

export type Child = Node | string | false | null | undefined
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>

const present = (children: readonly Child[]) =>
  children.filter((child): child is Node | string => Boolean(child))

const setAttribute = (element: Element, name: string, value: Attributes[string]): void => {
  if (typeof value === 'function') element.addEventListener(name, value)
  else if (value !== false) element.setAttribute(name, value === true ? '' : value)
}

const isChild = (first: Attributes | Child): first is Child =>
  typeof first !== 'object' || first === null || first instanceof Node

/**
 * @param tag with its classes, such as `p.note`
 * @param first attributes: functions are listeners under the event's name, and `false` leaves one out; else the first child
 * @param children strings become text
 */
export const h = (tag: string, first?: Attributes | Child, ...children: Child[]): HTMLElement => {
  const [name = '', ...classes] = tag.split('.')
  const element = document.createElement(name)
  if (classes.length > 0) element.className = classes.join(' ')
  if (isChild(first)) children.unshift(first)
  else for (const name in first) setAttribute(element, name, first[name]!)
  element.append(...present(children))
  return element
}

/** A name from outside: its writing direction must not reach past it. */
export const name = (text: string): HTMLElement => h('bdi', text)

export const badge = (text: string, tone: string): HTMLElement => h('span', { class: `badge ${tone}` }, text)

export const button = (text: string, press: () => void): HTMLButtonElement =>
  h('button', { type: 'button', class: 'action', click: press }, text) as HTMLButtonElement

/** Toggles that look alike: of several, the pressed one filters. */
export const chip = (word: string, count: number, pressed: boolean, press: () => void): HTMLElement =>
  h(
    'button',
    { type: 'button', class: 'chip', 'aria-pressed': String(pressed), click: press },
    name(word),
    ` ${count}`,
  )

/** The line that says what a card comes down to. */
export const verdict = (text: string, tone: string): HTMLElement =>
  h('p', { class: `verdict ${tone}`, role: 'status' }, text)

export const note = (text: string): HTMLElement | false => text !== '' && h('p.note', text)

const FOCUSABLE = 'button,input,select,summary'

/** Replaces what an element holds; the keyboard's focus stays where it was. */
export const fill = (element: HTMLElement, ...children: Child[]): void => {
  const at = [...element.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement!)
  element.replaceChildren(...present(children))
  const fresh = at < 0 ? null : element.querySelectorAll<HTMLElement>(FOCUSABLE)[at]
  fresh?.focus()
}
