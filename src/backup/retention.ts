import { backupTime } from './manifest.ts'

/** For how many days and weeks a backup is kept. */
export interface Retention {
  daily: number
  weekly: number
}

const day = 24 * 3600 * 1000
// The first Monday of 1970.
const firstMonday = 4 * day

/**
 * Returns those of the backups `names` that are kept: all of the last 24 hours, and the newest one of each of the last days
 * and weeks (UTC, from Monday) that have one. The newest backup is always kept.
 */
export function keptBackups(names: readonly string[], { daily, weekly }: Retention): Set<string> {
  const newestFirst = [...names].sort().reverse()
  const [newest] = newestFirst
  if (newest === undefined) return new Set()
  const end = backupTime(newest)
  const recent = newestFirst.filter((name) => end - backupTime(name) < day)
  const days = newestOfEach(newestFirst, (time) => Math.floor(time / day), daily)
  const weeks = newestOfEach(newestFirst, (time) => Math.floor((time - firstMonday) / (7 * day)), weekly)
  return new Set([...recent, ...days, ...weeks])
}

function newestOfEach(newestFirst: string[], period: (time: number) => number, count: number): string[] {
  const groups = Map.groupBy(newestFirst, (name) => period(backupTime(name)))
  return [...groups.values()].slice(0, count).map(([first]) => first!)
}
