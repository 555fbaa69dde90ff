/** Where a sign-in leads. */

const NEXT = /^\/dashboard\/[\w\-./?=&%:[\]+]*$/

/** Only a page of the dashboard, written as the browser would ask for it: `..` in any spelling would lead out of it. */
export const nextOf = (given: string): string => {
  if (!NEXT.test(given) || given.includes('//')) return ''
  const { pathname, search } = new URL(given, 'https://dashboard.invalid')
  return pathname + search === given ? given : ''
}
