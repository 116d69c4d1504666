import { readStored } from './data/local-storage.ts'
import { isRightToLeft, type Language, languageFor, languageNames, setLanguage } from './language.ts'
import type { Catalogue } from './languages/catalogue.ts'

/** The languages besides English, each a file of its own. */
const catalogues: { [name in Language]?: () => Promise<{ catalogue: Catalogue }> } = {
  ar: () => import('./languages/ar.ts'),
  de: () => import('./languages/de.ts'),
  es: () => import('./languages/es.ts'),
  fr: () => import('./languages/fr.ts'),
  'pt-BR': () => import('./languages/pt-BR.ts'),
  sw: () => import('./languages/sw.ts'),
}

/**
 * Loads the texts of the language that the user has chosen, or that the browser asks for. Call it before the modules with
 * texts are imported.
 */
export async function loadLanguage(): Promise<void> {
  const stored = readStored<string>('language')
  const name = stored !== undefined && isLanguage(stored) ? stored : languageFor(navigator.languages)
  // A file that cannot be loaded leaves English.
  const loaded = await catalogues[name]?.().catch(() => undefined)
  const { documentElement } = document
  if (loaded) setLanguage(name, loaded.catalogue, navigator.languages)
  else setLanguage('en', {}, navigator.languages)
  documentElement.lang = loaded ? name : 'en'
  documentElement.dir = loaded && isRightToLeft(name) ? 'rtl' : 'ltr'
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(languageNames, name)
}
