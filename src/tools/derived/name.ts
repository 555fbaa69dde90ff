/** Tool names: the grammar that Truto uses, so that prompts written for it keep working. */
import type { Resource } from '../../../schemas/define.ts'

const PATTERNS: Record<string, (resource: Resource) => string> = {
  list: ({ name }) => `list_all_finexio_${name}`,
  get: ({ singular }) => `get_single_finexio_${singular}_by_id`,
  create: ({ singular }) => `create_a_finexio_${singular}`,
  update: ({ singular }) => `update_a_finexio_${singular}_by_id`,
  delete: ({ singular }) => `delete_a_finexio_${singular}_by_id`,
}

/** Methods beyond these five are custom: their verb stands unchanged at the end of the name. */
export const toolName = (resource: Resource, method: string): string =>
  PATTERNS[method]?.(resource) ?? `finexio_${resource.name}_${method}`
