/** A tool as its server runs it: its destination judged, the operator's values put in. The same for a call and for an approved draft. */
import type { ServerConfig } from '../../rules/server-settings.ts'
import type { WebhookRules } from '../../rules/webhook-url.ts'
import { catalogue } from '../catalogue.ts'
import type { Tool } from '../tool.ts'
import { bound } from './fixing.ts'
import { guarded } from './webhook-guard.ts'

/** @param tool as its server shows it */
export const armed = (tool: Tool, config: ServerConfig, rules: WebhookRules): Tool => {
  const whole = catalogue.find(({ name }) => name === tool.name)!
  return bound(guarded(tool, rules), whole, config)
}
