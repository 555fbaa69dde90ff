/** Request bodies of the three media types that Finexio declares. */

export type SentBody =
  | { kind: 'none' }
  | { kind: 'value'; value: unknown }
  | { kind: 'unreadable' }
  | { kind: 'wrong-type'; type: string }

const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** Forms carry text alone: words that are JSON (numbers, flags, objects, lists) are read as such. */
const formValue = (text: string): unknown => {
  if (!/^(?:true|false|-?\d{1,15}|[[{].*)$/s.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const readForm = async (bytes: ArrayBuffer, type: string): Promise<SentBody> => {
  try {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
    const fields = [...form].map(([name, value]) => [
      name,
      typeof value === 'string' ? formValue(value) : null,
    ])
    return { kind: 'value', value: Object.fromEntries(fields) }
  } catch {
    return { kind: 'unreadable' }
  }
}

/** What a body says, read by its declared type. */
export const readBody = async (bytes: ArrayBuffer, contentType: string | null): Promise<SentBody> => {
  if (bytes.byteLength === 0) return { kind: 'none' }
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase()
  if (FORM_TYPES.includes(type)) return readForm(bytes, contentType!)
  if (type !== 'application/json') return { kind: 'wrong-type', type }
  try {
    return {
      kind: 'value',
      value: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)),
    }
  } catch {
    return { kind: 'unreadable' }
  }
}
