/** What a connection test asks for and what it found. */
import type { TestOutcome } from '../../connection-test.ts'
import { Note } from '../notes.tsx'

/** The second factor of servers that ask for one. */
export const BearerField = ({ required }: { required?: boolean }) => (
  <div class="field">
    <label for="bearer">API token</label>
    <input id="bearer" name="bearer_token" type="password" autocomplete="off" required={required} />
  </div>
)

/** Has one id, so that the script can replace it by a fresh one. @param outcome null before any test */
export const TestResult = ({ outcome }: { outcome: TestOutcome | null }) => (
  <div id="test" aria-live="polite">
    {outcome && (
      <Note tone={outcome.ok ? 'ok' : 'bad'} title={outcome.ok ? 'It works' : 'It does not work'}>
        <ol class="steps">
          {outcome.steps.map(({ label, detail }) => (
            <li>
              <strong>{label}</strong>
              {`: ${detail}`}
            </li>
          ))}
        </ol>
      </Note>
    )}
  </div>
)
