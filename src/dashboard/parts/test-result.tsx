/** What a connection test found. */
import type { TestOutcome } from '../connection-test.ts'
import { Note } from './notes.tsx'

/** Stands under one id, so that the script can put a fresh one in its place. @param outcome null before any test */
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
