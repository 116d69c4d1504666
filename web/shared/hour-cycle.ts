/**
 * Whether the reader's browser writes 20:05 or 8:05 PM, for `Intl.DateTimeFormat`. It is the reader's habit, whatever the
 * language of the texts around the time.
 */
export const hourCycle = new Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions().hourCycle ?? 'h23'

/** The hour of a time of day: 8:05 AM, but 08:05. */
export const hourOption = hourCycle === 'h23' || hourCycle === 'h24' ? '2-digit' : 'numeric'
