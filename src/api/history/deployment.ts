/** What the deployment's trail says of a moment. */
import type { Past } from '../../account/audit/history.ts'

/** Its switch, and who decided. */
export const deploymentIn = ({ settings }: Past) => {
  const { writes_stopped, second_person_for_settings, one_person } =
    settings.find(({ kind }) => kind === 'deployment')?.values ?? {}
  return {
    stopped: writes_stopped === true,
    who_decides: {
      second_person_for_settings: second_person_for_settings === true,
      one_person: (one_person ?? null) as string | null,
    },
  }
}
