/**
 * JSX of pages, rendered to text at once: what `hono/jsx` writes for them, without its renderer for browsers, its streams and its
 * hooks. `tsconfig.json` names this module as the source of JSX.
 */

/** What may stand between two tags. Text is escaped; null, undefined, true and false show nothing. */
export type Child = Node | string | number | boolean | null | undefined | readonly Child[]

type Props = { readonly [name: string]: unknown }
// biome-ignore lint/suspicious/noExplicitAny: a component names its own properties, and the compiler checks them where it is used.
type Component = (props: any) => Child

export declare namespace JSX {
  type Element = Node
  type ElementType = string | Component
  interface ElementChildrenAttribute {
    children: unknown
  }
  interface IntrinsicAttributes {
    key?: string
  }
  interface IntrinsicElements {
    [tag: string]: { [attribute: string]: Child }
  }
}

/** Elements without content (HTML, 13.1.2). */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
/** Attributes that say by being there what they say. */
const FLAGS = new Set(
  'allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate hidden inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected'.split(
    ' ',
  ),
)

const UNSAFE = /[&<>"']/
const ALL_UNSAFE = /[&<>"']/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  UNSAFE.test(text) ? text.replace(ALL_UNSAFE, (character) => ENTITIES[character]!) : text

const NAME = /^[a-z][\w.:-]*$/i

const attribute = (name: string, value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (!NAME.test(name)) throw new TypeError('An attribute has a name that HTML does not know.')
  if (typeof value === 'boolean' && FLAGS.has(name)) return value ? ` ${name}=""` : ''
  if (typeof value === 'object' || typeof value === 'function')
    throw new TypeError(`The attribute ${name} is no text.`)
  return ` ${name}="${escaped(String(value))}"`
}

const element = (tag: string, { children, ...attributes }: Props): string => {
  let open = `<${tag}`
  for (const name in attributes) open += attribute(name, attributes[name])
  if (VOID.has(tag)) return `${open}/>`
  return `${open}>${textOf(children as Child)}</${tag}>`
}

const textOf = (child: Child): string => {
  if (typeof child === 'string') return escaped(child)
  if (typeof child === 'number') return String(child)
  if (child instanceof Node) return child.toString()
  if (Array.isArray(child)) return child.map(textOf).join('')
  if (child === null || child === undefined || typeof child === 'boolean') return ''
  throw new TypeError('What stands in a page is neither text nor an element.')
}

/** Something that is rendered when its page is, and not where it is written: what surrounds it comes first. */
class Node {
  readonly toString: () => string

  constructor(render: () => string) {
    this.toString = render
  }
}

/** What compilers call for an element. */
const jsx = (tag: string | Component, props: Props): Node =>
  new Node(() => (typeof tag === 'string' ? element(tag, props) : textOf(tag(props))))

// Not three constants: of one function a bundler writes one name.
export { jsx, jsx as jsxs, jsx as jsxDEV }

export const Fragment = ({ children }: { children?: Child }): Child => children

/** A value that components of a page read wherever they stand. */
export type Context<Value> = {
  Provider(props: { value: Value; children?: Child }): Child
  /** The value of the nearest `Provider` around what is being rendered, else the absent one. */
  read(): Value
}

/** Rendering waits for nothing, so that no two pages can be under way at once: the value is there for one page alone. */
export const createContext = <Value>(absent: Value): Context<Value> => {
  let now = absent
  const Provider = ({ value, children }: { value: Value; children?: Child }): Child =>
    new Node(() => {
      const before = now
      now = value
      try {
        return textOf(children)
      } finally {
        now = before
      }
    })
  return { Provider, read: () => now }
}
