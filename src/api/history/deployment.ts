/** What the deployment's trail says of a moment. */
import type { Past } from '../../account/audit/history.ts'
import { keeps } from './answers.ts'

/** Its switch, and who decided. Null: it says nothing of that moment. @param upTo as of `readUpTo` */
export const deploymentIn = (past: Past, upTo: number) => {
  if (!keeps(past, upTo)) return null
  const { writes_stopped, second_person_for_settings, one_person } =
    past.settings.find(({ kind }) => kind === 'deployment')?.values ?? {}
  return {
    stopped: writes_stopped === true,
    who_decides: {
      second_person_for_settings: second_person_for_settings === true,
      one_person: (one_person ?? null) as string | null,
    },
  }
}
