/** A part of a page under its own heading. */
import type { Child } from '../../core/jsx-runtime.ts'

type SectionProps = {
  /** Of the heading, unique on the page. */
  id: string
  title: Child
  card?: boolean
  children?: Child
}

export const Section = ({ id, title, card = false, children }: SectionProps) => (
  <section class={card ? 'card stack' : 'stack'} aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
)
