/** Tables that are made, between marks in a document that people write. */

/** Puts the table between the document's two marks of that name. @throws when a mark is missing */
export const withTable = (document: string, name: string, table: string): string => {
  const [start, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- /${name} -->`]
  const from = document.indexOf(start)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`The document needs the marks ${start} and ${end}.`)
  return `${document.slice(0, from + start.length)}\n\n${table}\n\n${document.slice(to)}`
}
