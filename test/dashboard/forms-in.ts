/** The forms of a page as a browser would send them: every field that counts, with what it is filled with. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const plain = (text: string) => text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!)

const attributesOf = (tag: string): Record<string, string> =>
  Object.fromEntries(
    [...tag.matchAll(/\s([a-z-]+)(?:="([^"]*)")?/g)].map(([, name, value = '']) => [name!, plain(value)]),
  )

/** Lines of a textarea leave with CRLF; the first line break after its tag is none. */
const linesOf = (text: string) =>
  plain(text)
    .replace(/^\r?\n/, '')
    .replaceAll(/\r\n?|\n/g, '\r\n')

const CONTROL = /<input\b[^>]*>|<select\b[^>]*>[\s\S]*?<\/select>|<textarea\b[^>]*>[\s\S]*?<\/textarea>/g

const selected = (select: string): string => {
  const options = [...select.matchAll(/<option\b[^>]*>/g)].map(([tag]) => attributesOf(tag))
  return (options.find((option) => 'selected' in option) ?? options[0])?.value ?? ''
}

const valuesOf = (control: string): [string, string][] => {
  const tag = attributesOf(control.slice(0, control.indexOf('>')))
  const name = tag.name ?? ''
  if (control.startsWith('<select')) return [[name, selected(control)]]
  if (control.startsWith('<textarea'))
    return [[name, linesOf(control.slice(control.indexOf('>') + 1, control.lastIndexOf('<')))]]
  const ticks = tag.type === 'checkbox' || tag.type === 'radio'
  return ticks && !('checked' in tag) ? [] : [[name, (tag.value ?? '').replaceAll(/[\r\n]/g, '')]]
}

/** What the fields of a piece of HTML send, buttons left out. */
export const fieldsIn = (html: string): URLSearchParams =>
  new URLSearchParams([...html.matchAll(CONTROL)].flatMap(([control]) => valuesOf(control)))

/** The fields of the form with this action. */
export const formIn = (html: string, action: string): URLSearchParams => {
  const forms = [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => form)
  const found = forms.find((form) => attributesOf(form.slice(0, form.indexOf('>'))).action === action)
  if (found === undefined) throw new Error(`no form with the action ${action}`)
  return fieldsIn(found)
}

/** The same with some fields changed; an empty list takes a field out. */
export const filledWith = (
  fields: URLSearchParams,
  change: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string[]> => {
  const all: Record<string, string[]> = {}
  for (const [name, value] of fields) all[name] = [...(all[name] ?? []), value]
  for (const [name, value] of Object.entries(change)) all[name] = [value].flat() as string[]
  return all
}
