/** Converts milliseconds since 1970, as stored in the database, to the whole seconds of the API. */
export function toSeconds(milliseconds: number): number
export function toSeconds(milliseconds: number | null): number | null
export function toSeconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.floor(milliseconds / 1000)
}

/** Whether a text such as 2026-02-28 is a day of the calendar: `Date` would read 2026-02-30 as a day in March. */
export function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date)
}

const secondsOfDay = 86_400
let day = Number.NaN
let dayText = ''

/**
 * Whole seconds as `toISOString()` shows them, which takes ten times as long: lists show a day again and again. A text
 * that is not joined, but concatenated, makes `JSON.stringify` of an object that contains it take twice as long.
 */
export function isoOfSeconds(seconds: number): string {
  const itsDay = Math.floor(seconds / secondsOfDay)
  if (itsDay !== day) {
    dayText = new Date(itsDay * secondsOfDay * 1000).toISOString().slice(0, -'00:00:00.000Z'.length)
    day = itsDay
  }
  const rest = seconds - itsDay * secondsOfDay
  return [dayText, two(rest / 3600), ':', two((rest / 60) % 60), ':', two(rest % 60), '.000Z'].join('')
}

function two(value: number): string {
  const whole = Math.floor(value)
  return whole < 10 ? `0${whole}` : String(whole)
}
