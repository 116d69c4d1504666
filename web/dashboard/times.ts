import { locale } from './language.ts'
import { strings } from './strings.ts'

// Whether the reader's browser writes 8:05 PM instead of 20:05, whatever the language of the texts around the time.
const { hour12 } = new Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions()
const clock = new Intl.DateTimeFormat(locale, {
  // 8:05 AM, but 08:05.
  hour: hour12 ? 'numeric' : '2-digit',
  minute: '2-digit',
  hour12,
})
const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })
const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const shortOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: '2-digit' })
const whole = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hour12 })
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })

/* All times are Unix seconds and are shown in the time zone of the browser. */

export function clockTime(seconds: number): string {
  return clock.format(seconds * 1000)
}

export function wholeTime(seconds: number): string {
  return whole.format(seconds * 1000)
}

export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

/** Formats the times in an activity message, which the server writes in UTC, in the time zone of the browser. */
export function withLocalTimes(text: string): string {
  return text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (_, date, time) =>
    wholeTime(Date.parse(`${date}T${time}Z`) / 1000),
  )
}

/** Formats a day for the divider between messages. */
export function dayName(seconds: number): string {
  const days = daysAgo(seconds)
  if (days === 0) return strings.thread.today
  if (days === 1) return strings.thread.yesterday
  return (isThisYear(seconds) ? day : dayOfYear).format(seconds * 1000)
}

/** Formats a time briefly: the time today, the weekday this week, otherwise the date. */
export function shortTime(seconds: number): string {
  const days = daysAgo(seconds)
  if (days <= 0) return clock.format(seconds * 1000)
  if (days < 7) return weekday.format(seconds * 1000)
  return (isThisYear(seconds) ? short : shortOfYear).format(seconds * 1000)
}

/** Whether two times are on the same day in this time zone. */
export function isSameDay(one: number, other: number): boolean {
  return new Date(one * 1000).toDateString() === new Date(other * 1000).toDateString()
}

function daysAgo(seconds: number): number {
  const midnight = (time: Date) => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()
  return Math.round((midnight(new Date()) - midnight(new Date(seconds * 1000))) / 86_400_000)
}

function isThisYear(seconds: number): boolean {
  return new Date(seconds * 1000).getFullYear() === new Date().getFullYear()
}
