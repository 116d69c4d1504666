import type { QuietHours } from './schema.ts'

/** When the quiet hours that are now (milliseconds) end; `now` if there are none. */
export function endOfQuiet(hours: QuietHours | null, now: number): number {
  if (!hours || hours.from === hours.to) return now
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(hours.time_zone)
  const time = here.toPlainTime()
  const [from, to] = [Temporal.PlainTime.from(hours.from), Temporal.PlainTime.from(hours.to)]
  const isAfter = (one: Temporal.PlainTime) => Temporal.PlainTime.compare(time, one) >= 0
  const isOvernight = Temporal.PlainTime.compare(from, to) > 0
  const isQuiet = isOvernight ? isAfter(from) || !isAfter(to) : isAfter(from) && !isAfter(to)
  if (!isQuiet) return now
  const day = here.toPlainDate().add({ days: isOvernight && isAfter(from) ? 1 : 0 })
  // The day of a change of the clock has such times, too: a missing one is the next that exists.
  return day.toZonedDateTime({ timeZone: hours.time_zone, plainTime: to }).epochMilliseconds
}

/** Whether the server knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    // A difference such as "+02:00" has no summer time.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}
