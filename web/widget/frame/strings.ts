import { computed, signal } from '@preact/signals'
import { ar, de, es, fr } from './translations.ts'

/** Every word that is shown, in English; the others stand in `translations.ts`. */
const en = {
  chat: 'Chat',
  open: 'Open chat',
  openUnread: (count: number) => `Open chat, ${count} unread`,
  close: 'Close chat',
  greeting: 'Hi! How can we help?',
  messages: 'Messages',
  earlier: 'Show earlier messages',
  loading: 'Loading…',
  write: 'Write a message…',
  send: 'Send',
  attach: 'Attach files',
  emoji: 'Emoji',
  remove: (name: string) => `Remove ${name}`,
  sound: 'Sound',
  you: 'You',
  team: 'Team',
  sending: 'Sending…',
  sent: 'Sent',
  seen: 'Seen',
  notSent: 'Not sent',
  again: 'Try again',
  discard: 'Discard',
  typing: (name: string) => `${name} is typing…`,
  reconnecting: 'Reconnecting…',
  tooLarge: (name: string, megabytes: number) => `${name} is larger than ${megabytes} MB`,
  tooMany: (most: number) => `You can attach up to ${most} files`,
  email: 'Your email address',
  choose: 'Please select',
  showMore: 'Show more',
  failed: 'Something went wrong. Please try again.',
}

export type Strings = typeof en

const catalogue: Record<string, Strings> = { en, de, es, fr, ar }
const rightToLeft = /^(?:ar|dv|fa|he|ps|ur|yi)\b/

/** As the website has it, such as `de-AT`. */
export const locale = signal('en')
/** The words in the language of the website, or in English where there is none of it. */
export const strings = computed(() => catalogue[languageOf(locale.value)] ?? en)
/** The language of those words. */
export const language = computed(() =>
  catalogue[languageOf(locale.value)] ? languageOf(locale.value) : 'en',
)
export const direction = computed(() => (rightToLeft.test(language.value) ? 'rtl' : 'ltr'))

function languageOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0]!
}

/** A time of the day, in the language of the words. */
export function timeText(seconds: number): string {
  return format(seconds, { hour: 'numeric', minute: '2-digit' })
}

/** A day: today and yesterday by these words. */
export function dayText(seconds: number): string {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(seconds * 1000)) / 86_400_000)
  if (days < 2) return new Intl.RelativeTimeFormat(formatLocale(), { numeric: 'auto' }).format(-days, 'day')
  const year =
    new Date(seconds * 1000).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const }
  return format(seconds, { weekday: 'long', day: 'numeric', month: 'long', ...year })
}

/** The number of a day, the same for all times of it. */
export function startOfDay(milliseconds: number): number {
  return new Date(milliseconds).setHours(0, 0, 0, 0)
}

/** Bytes as people write them. */
export function sizeText(bytes: number): string {
  const isLarge = bytes >= 1_000_000
  const number = isLarge ? bytes / 1_000_000 : Math.ceil(bytes / 1000)
  const unit = isLarge ? 'megabyte' : 'kilobyte'
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(formatLocale(), options).format(number)
}

function format(seconds: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(formatLocale(), options).format(seconds * 1000)
}

/** The website's own region, where it is one of the language that is shown. */
function formatLocale(): string {
  try {
    const [tag] = Intl.getCanonicalLocales(locale.value.replace('_', '-'))
    return tag && languageOf(tag) === language.value ? tag : language.value
  } catch {
    return language.value
  }
}
