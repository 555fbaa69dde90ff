/** What the trial found, for people. Pure. */
import type { Found, Report } from './trial.ts'

const LONGEST_ARGUMENTS = 300

const line = ({ operation, at, rule, says, tool, args, times }: Found): string =>
  `ours    ${operation}  ${at}: ${rule} (${says})\n        ${times} times, first by ${tool} ${JSON.stringify(args).slice(0, LONGEST_ARGUMENTS)}`

/** @returns lines to print, and whether nothing is ours */
export const reportOf = (report: Report): { lines: string[]; fine: boolean } => {
  const { ours, slips, calls, requests, unreached, undescribed } = report
  const fine = ours.length === 0 && unreached.length === 0
  return {
    fine,
    lines: [
      ...ours.map(line),
      ...unreached.map((key) => `ours    ${key}  no request reached it`),
      ...undescribed.map((key) => `notice  ${key} is not described, so its tool was not tried`),
      ...[...slips].map(([{ since, reason }, times]) => `slip    ${times} times: ${reason} (${since})`),
      `${calls} calls made ${requests} requests: ${ours.length} refusals ours, ${slips.size} accepted slips of the description, ${unreached.length} operations not reached.`,
    ],
  }
}
