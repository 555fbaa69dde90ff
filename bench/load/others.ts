/** How busy the machine is with other things. */
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const MEASURED_MS = 1_500

const times = () => {
  const all = cpus().map((cpu) => cpu.times)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return { total: sum(all.map((each) => sum(Object.values(each)))), idle: sum(all.map(({ idle }) => idle)) }
}

/** Cores that something keeps busy while nothing is measured: 0 on a calm machine. */
export const busyCores = async (): Promise<number> => {
  const before = times()
  await sleep(MEASURED_MS)
  const after = times()
  return cpus().length * (1 - (after.idle - before.idle) / (after.total - before.total))
}
