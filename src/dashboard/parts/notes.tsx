/** What is said to people outside tables and forms: done, wrong, nothing here yet. */
import type { Child } from '../../core/jsx-runtime.ts'
import type { Refused } from '../refused.ts'
import { Icon, type IconName } from './icons.tsx'

export type Tone = 'ok' | 'warn' | 'bad' | 'info'

type NoteProps = { tone: Tone; title: string; focus?: boolean; children?: Child }

/** A message. @param focus whether the script moves the focus to it */
export const Note = ({ tone, title, focus, children }: NoteProps) => (
  <div
    class={`note ${tone}`}
    role={tone === 'bad' ? 'alert' : 'status'}
    tabindex={focus ? -1 : undefined}
    data-focus={focus ? '1' : undefined}
  >
    <strong>{title}</strong>
    {children && <div>{children}</div>}
  </div>
)

type RefusedNoteProps = { refused: Pick<Refused, 'message'> | undefined; title?: string }

/** What the API refused, in its own words. */
export const RefusedNote = ({ refused, title = 'Not saved' }: RefusedNoteProps) =>
  refused ? (
    <Note tone="bad" title={title} focus>
      {refused.message}
    </Note>
  ) : null

type LinkButtonProps = { href: string; label: Child; tone?: 'mini' | 'primary' }

/** A link that looks like a button. */
export const LinkButton = ({ href, label, tone }: LinkButtonProps) => (
  <a class={tone ? `button ${tone}` : 'button'} href={href}>
    {label}
  </a>
)

type EmptyProps = { icon: IconName; title: string; children?: Child; action?: Child }

/** What is said where a list has no row yet. */
export const Empty = ({ icon, title, children, action }: EmptyProps) => (
  <div class="empty">
    <Icon name={icon} />
    <h2>{title}</h2>
    <p>{children}</p>
    {action}
  </div>
)

export type BadgeTone = Tone | 'read' | 'write' | 'money' | ''

/** A word with a color. */
export const Badge = ({ tone = '', children }: { tone?: BadgeTone; children?: Child }) => (
  <span class={tone ? `badge ${tone}` : 'badge'}>{children}</span>
)

/** Made already; what it waits for, another person or where the admin key asked its time, stands with the change that waits. */
export const Asleep = () => <Badge tone="warn">lets nobody in yet</Badge>
