/** Settings read together, so that whoever runs a script is told at once of all that is missing or wrong. */

type Readers = Readonly<Record<string, () => unknown>>
type Values<Given extends Readers> = { [Name in keyof Given]: ReturnType<Given[Name]> }

/**
 * What each reader answers, by its name.
 * @throws Error with the messages of all readers that threw, a line each
 */
export const allOf = <Given extends Readers>(readers: Given): Values<Given> => {
  const problems = new Set<string>()
  const values = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read()] as const
    } catch (error) {
      problems.add((error as Error).message)
      return [name, undefined] as const
    }
  })
  if (problems.size > 0) throw new Error([...problems].join('\n'))
  return Object.fromEntries(values) as Values<Given>
}
