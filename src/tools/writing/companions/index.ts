/** The tools that go with writes. */
import type { Tool } from '../../tool.ts'
import { cancelDraft, getApproval } from './approval.ts'
import { resolveWrite } from './resolve.ts'

export const companions: readonly Tool[] = [resolveWrite, getApproval, cancelDraft]
