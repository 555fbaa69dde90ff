/** Our JSX against that of hono, which rendered the pages at commit 6733ab5: the same bytes, with 10 KB less of the bundle. */
import fc from 'fast-check'
import { jsx as honoJsx } from 'hono/jsx'
import { expect, test } from 'vitest'
import { type Child, createContext, Fragment, jsx } from '../../src/core/jsx-runtime.ts'

type Attributes = Record<string, unknown>
type Tree = string | number | boolean | null | { tag: string; attributes: Attributes; children: Tree[] }

/** Without title, meta and the like: hono moves those, and pages have them in their head alone. */
const TAGS = ['p', 'div', 'a', 'td', 'h1', 'textarea', 'option']
const NAMES = ['class', 'href', 'value', 'data-x', 'aria-label', 'disabled', 'checked', 'hidden', 'draggable']

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('<script>', '"><b>', "' onclick='x", '&amp;', '&', '</p>', '', '\u0000', '<!--'),
)
const value = fc.oneof(nasty, fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined))
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    nasty,
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.record({
      tag: fc.constantFrom(...TAGS),
      attributes: fc.dictionary(fc.constantFrom(...NAMES), value),
      children: fc.array(tie('tree'), { maxLength: 4 }),
    }),
  ),
}))

const made = <Made>(
  node: Tree,
  make: (tag: string, attributes: Attributes, children: unknown[]) => Made,
): unknown =>
  typeof node === 'object' && node !== null
    ? make(
        node.tag,
        { ...node.attributes },
        node.children.map((child) => made(child, make)),
      )
    : node

const ours = (root: Tree) =>
  String(made(root, (tag, attributes, children) => jsx(tag, { ...attributes, children })))
const theirs = (root: Tree) =>
  String(made(root, (tag, attributes, children) => honoJsx(tag, attributes, ...(children as never[]))))

test('any tree is written as hono/jsx writes it', () => {
  fc.assert(
    fc.property(fc.array(tree), (children) => {
      const root: Tree = { tag: 'main', attributes: {}, children }
      expect(ours(root)).toBe(theirs(root))
    }),
  )
})

test('an element without content ends in itself, and a flag stands without a value or not at all', () => {
  const input = jsx('input', { type: 'text', required: true, disabled: false })
  expect(String(input)).toBe('<input type="text" required=""/>')
  expect(String(jsx('br', {}))).toBe('<br/>')
  expect(String(jsx('a', { 'aria-current': true, 'data-x': false }))).toBe(
    '<a aria-current="true" data-x="false"></a>',
  )
})

test('a component gets its properties, and a fragment adds nothing', () => {
  const Both = ({ a, children }: { a: string; children?: Child }) =>
    jsx(Fragment, { children: [a, '<', children] })
  const both = jsx(Both, { a: '&', children: jsx('b', { children: 1 }) })
  expect(String(jsx('p', { children: both }))).toBe('<p>&amp;&lt;<b>1</b></p>')
})

test('a context reaches what its provider surrounds and nothing else, also when rendering fails', () => {
  const context = createContext('none')
  const read = jsx(() => context.read(), {})
  const within = (value: string, children: unknown) => jsx(context.Provider, { value, children })
  const page = jsx('p', {
    children: [within('one', jsx('b', { children: [read, within('two', read)] })), read],
  })
  expect(String(page)).toBe('<p><b>onetwo</b>none</p>')
  const failing = jsx(() => {
    throw new Error('no such record')
  }, {})
  expect(() => String(within('one', failing))).toThrow('no such record')
  expect(String(read)).toBe('none')
})

test.each([
  ['an object as an attribute', () => jsx('a', { href: { toString: () => 'x' } })],
  ['a function as an attribute', () => jsx('a', { onclick: () => 1 })],
  ['a name that would begin another attribute', () => jsx('a', { 'x onclick': '1' })],
  ['an object between tags', () => jsx('p', { children: { html: '<b>' } })],
  ['a promise between tags', () => jsx('p', { children: Promise.resolve('late') })],
])('%s is refused', (_, make) => {
  expect(() => String(make())).toThrow(TypeError)
})
