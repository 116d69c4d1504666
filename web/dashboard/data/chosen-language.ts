import { language, languageFor } from '../language.ts'
import type { Locale } from './api-types.ts'
import { store } from './local-storage.ts'

/**
 * Stores the language that the user has chosen in this browser, which needs it before the profile is loaded. If the page is
 * in another language, reloads it and returns true. null is the language of the browser.
 */
export function followLanguage(locale: Locale | null): boolean {
  const isStored = store('language', locale ?? undefined)
  const isShown = language === (locale ?? languageFor(navigator.languages))
  // If the browser stores nothing, the page would be reloaded for ever.
  if (isShown || !isStored) return false
  location.reload()
  return true
}
