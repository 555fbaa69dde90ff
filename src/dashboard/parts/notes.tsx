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

/** Messages by the word that an address may name; any other word shows nothing. */
const DONE: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  unchanged: 'Nothing was changed, so nothing was saved.',
  connected: 'Connected. Finexio accepted the credentials, and they are stored encrypted.',
  renewed: 'New credentials are in use. Finexio accepted them; the old ones are erased.',
  verified: 'Finexio accepts the stored credentials.',
  deleted: 'Deleted. Its credentials are erased and its URLs are dead; the audit trail is kept.',
  revoked: 'Revoked. The next call with its URL is refused.',
  'person-removed': 'Removed, with all API tokens and sessions of theirs.',
  'token-revoked': 'Revoked. The next call with that API token is refused, and its sessions are over.',
  'grant-ended': 'Ended. The next call of that client is refused.',
  stopped: 'Writes are stopped. Reads go on.',
  started: 'Writes may leave again.',
  'signed-out': 'You are signed out.',
  'secret-saved': 'Stored encrypted. Nobody can read it back; agents use it by its name.',
  'secret-deleted': 'Deleted.',
}

/** The message for a word of the address; null for any other text. */
export const doneText = (word: string | undefined) =>
  word !== undefined && Object.hasOwn(DONE, word) ? <Note tone="ok" title={DONE[word]!} /> : null

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

/** Made already, but it lets nobody in until another person has agreed. */
export const Asleep = () => <Badge tone="warn">waits for another person</Badge>
