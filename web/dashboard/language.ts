/*
 * The language of the texts, and what depends on it: numbers, plurals and lists. It is set before any other module is
 * loaded (main.tsx), and another language needs a reload. So texts can be used everywhere, also outside of functions.
 */

/** The languages of the dashboard, by their own names. */
export const languageNames = {
  en: 'English',
  ar: 'العربية',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  'pt-BR': 'Português (Brasil)',
  sw: 'Kiswahili',
} as const
export type Language = keyof typeof languageNames

/** The translation of an object of texts. Without an entry, the text is in English. */
export type Translated<T> = {
  [K in keyof T]?: T[K] extends string
    ? string
    : T[K] extends readonly (infer Item)[]
      ? readonly Item[]
      : T[K] extends (...values: infer Values) => string
        ? (...values: Values) => string
        : Translated<T[K]>
}

type Texts = { readonly [name: string]: unknown }

export let language: Language = 'en'
/** The language for `Intl`, with the region of the browser. Arabic numbers have the digits of the API and of addresses. */
export let locale = 'en'
let catalogue: Texts = {}
let rules = new Intl.PluralRules(locale)
let numbers = new Intl.NumberFormat(locale)
let lists = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })

/** Sets the language, for all modules that are loaded after this call. `tags` are the languages of the browser. */
export function setLanguage(name: Language, texts: object, tags: readonly string[] = []): void {
  language = name
  catalogue = texts as Texts
  const own = tags.find((tag) => languageFor([tag]) === name && isTag(tag)) ?? name
  locale = name === 'ar' ? `${own}-u-nu-latn` : own
  rules = new Intl.PluralRules(locale)
  numbers = new Intl.NumberFormat(locale)
  lists = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })
}

/** Returns the first of some language tags, such as `de-AT`, that the dashboard has, or English. */
export function languageFor(tags: readonly string[]): Language {
  const names = Object.keys(languageNames) as Language[]
  for (const tag of tags) {
    const [primary] = tag.toLowerCase().split('-')
    const found = names.find((name) => name.toLowerCase().split('-')[0] === primary)
    if (found) return found
  }
  return 'en'
}

/** Returns English texts in the language of the page. `area` is their name in languages/catalogue.ts. */
export function localized<T extends object>(area: string, english: T): T {
  return merged(english as Texts, catalogue[area]) as T
}

/** Returns the translation of an area whose English texts are not loaded; undefined in English. */
export function translation<T>(area: string): T | undefined {
  const texts = catalogue[area]
  return isTexts(texts) ? (merged(texts, texts) as T) : undefined
}

function merged(english: Texts, translation: unknown): Texts {
  if (!isTexts(translation)) return english
  const texts = Object.entries(english).map(([name, text]) => {
    const translated = translation[name]
    if (isTexts(text)) return [name, merged(text, translated)]
    const own = translated ?? text
    return [name, typeof own === 'function' && isRightToLeft(language) ? isolating(own as Writer) : own]
  })
  return Object.fromEntries(texts)
}

type Writer = (...values: unknown[]) => string

/** Lets names keep their direction within a text, whatever the language of both. */
function isolating(write: Writer): Writer {
  const isolated = (value: unknown): unknown =>
    typeof value === 'string' ? `\u2068${value}\u2069` : Array.isArray(value) ? value.map(isolated) : value
  return (...values) => write(...values.map(isolated))
}

export function isRightToLeft(name: Language): boolean {
  return name === 'ar'
}

function isTexts(value: unknown): value is Texts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0 && !tag.includes('-u-')
  } catch {
    return false
  }
}

/** The forms of a text, by the plural category of a number: https://cldr.unicode.org/index/cldr-spec/plural-rules */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** Returns the form for a number, with the number in place of `#`. */
export function plural(count: number, forms: PluralForms): string {
  return (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count))
}

/** Formats a number. */
export function number(value: number): string {
  return numbers.format(value)
}

/** Joins names with commas. */
export function list(names: readonly string[]): string {
  return lists.format(names)
}
