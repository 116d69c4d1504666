import { strings } from './strings.ts'

const t = strings.visit

// In this order: Edge and Opera also name Chrome, and Chrome also names Safari.
const browsers = [
  ['Edg', 'Edge'],
  ['OPR', 'Opera'],
  ['Firefox', 'Firefox'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
] as const
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Mac OS', 'macOS'],
  ['Windows', 'Windows'],
  ['Linux', 'Linux'],
] as const

/** Returns the browser and system that a user agent names, or the user agent itself if one of them is unknown. */
export function browserName(userAgent: string | null): string {
  if (!userAgent) return t.unknownBrowser
  const nameIn = (names: readonly (readonly [string, string])[]) =>
    names.find(([mark]) => userAgent.includes(mark))?.[1]
  const [browser, system] = [nameIn(browsers), nameIn(systems)]
  return browser && system ? t.browserOn(browser, system) : userAgent
}
