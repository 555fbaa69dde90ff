/** Building elements. Text becomes text nodes and nothing else, so that no value from Finexio can become markup. */

export type Child = Node | string | false | null | undefined
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>

const present = (children: readonly Child[]) =>
  children.filter((child): child is Node | string => Boolean(child))

const setAttribute = (element: Element, name: string, value: Attributes[string]): void => {
  if (typeof value === 'function') element.addEventListener(name, value)
  else if (value !== false) element.setAttribute(name, value === true ? '' : value)
}

/**
 * @param attributes functions are listeners under the event's name; `false` leaves an attribute out
 * @param children strings become text
 */
export const h = (tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement => {
  const element = document.createElement(tag)
  for (const name in attributes) setAttribute(element, name, attributes[name]!)
  element.append(...present(children))
  return element
}

/** A name from outside: its writing direction must not reach past it. */
export const name = (text: string): HTMLElement => h('bdi', {}, text)

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

export const note = (text: string): HTMLElement | false => text !== '' && h('p', { class: 'note' }, text)

const FOCUSABLE = 'button,input,select,summary'

/** Replaces what an element holds; the keyboard's focus stays where it was. */
export const fill = (element: HTMLElement, ...children: Child[]): void => {
  const at = [...element.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement!)
  element.replaceChildren(...present(children))
  const fresh = at < 0 ? null : element.querySelectorAll<HTMLElement>(FOCUSABLE)[at]
  fresh?.focus()
}
