import { batch, computed, signal } from '@preact/signals'
import { en, type Strings } from './english.ts'

/** The languages besides English. A visitor loads only their own. */
const translations: Record<string, () => Promise<Strings>> = {
  ar: () => import('./on-demand/ar.ts').then(({ ar }) => ar),
  de: () => import('./on-demand/de.ts').then(({ de }) => de),
  es: () => import('./on-demand/es.ts').then(({ es }) => es),
  fr: () => import('./on-demand/fr.ts').then(({ fr }) => fr),
}
const rightToLeftLanguages = /^(?:ar|dv|fa|he|ps|ur|yi)\b/

/** The locale of the website, such as `de-AT`. */
const locale = signal('en')
/** The texts in the language of the website, or in English if there is no translation. */
export const strings = signal(en)
/** The language that the texts are shown in. */
export const language = signal('en')
export const direction = computed(() => (rightToLeftLanguages.test(language.value) ? 'rtl' : 'ltr'))

let wanted: string | undefined

/** Changes the language, once its texts have been loaded. Without them it is English. */
export async function setLocale(tag: string): Promise<void> {
  if (tag === wanted) return
  wanted = tag
  const name = languageOf(tag)
  const load = Object.hasOwn(translations, name) ? translations[name] : undefined
  const found = await load?.().catch(() => undefined)
  // Another one was chosen meanwhile.
  if (tag !== wanted) return
  batch(() => {
    locale.value = tag
    strings.value = found ?? en
    language.value = found ? name : 'en'
  })
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0]!
}

/** Formats the time of day. */
export function timeText(seconds: number): string {
  return format(seconds, { hour: 'numeric', minute: '2-digit' })
}

/** Formats a date. Today and yesterday are written as words. */
export function dayText(seconds: number): string {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(seconds * 1000)) / 86_400_000)
  if (days < 2) return new Intl.RelativeTimeFormat(formatLocale(), { numeric: 'auto' }).format(-days, 'day')
  const yearOption =
    new Date(seconds * 1000).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const }
  return format(seconds, { weekday: 'long', day: 'numeric', month: 'long', ...yearOption })
}

/** Returns local midnight at the start of the day, in milliseconds. */
export function startOfDay(milliseconds: number): number {
  return new Date(milliseconds).setHours(0, 0, 0, 0)
}

/** Formats a file size in kilobytes or megabytes. */
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

/**
 * Returns the locale of the website if it is in the language of the texts, because it may name a region. Otherwise
 * returns that language.
 */
function formatLocale(): string {
  try {
    const [tag] = Intl.getCanonicalLocales(locale.value.replace('_', '-'))
    return tag && languageOf(tag) === language.value ? tag : language.value
  } catch {
    // The website set an invalid locale.
    return language.value
  }
}
