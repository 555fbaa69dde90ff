/** Tables that are made, between marks in a document that people write. */

/** Puts the table between the document's two marks of that name. @param command that makes it @throws when a mark is missing */
export const withTable = (
  document: string,
  name: string,
  table: string,
  command = 'npm run docs',
): string => {
  const [start, end] = [`<!-- ${name}: made by ${command} -->`, `<!-- /${name} -->`]
  const from = document.indexOf(start)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`The document needs the marks ${start} and ${end}.`)
  return `${document.slice(0, from + start.length)}\n\n${table}\n\n${document.slice(to)}`
}
