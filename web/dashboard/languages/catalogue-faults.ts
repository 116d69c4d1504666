/*
 * What tests say about a translation.
 */

type Texts = { readonly [name: string]: unknown }

/** The parts of texts and what they are called, such as `dashboard.list.title`. */
export interface Area {
  name: string
  english: Texts
}

/** Returns what is wrong with a translation of some areas, as sentences. `seen` are objects that were already compared. */
export function catalogueFaults(areas: readonly Area[], catalogue: Texts): string[] {
  const seen = new Set<unknown>()
  const faults = areas.flatMap(({ name, english }) => faultsOf(name, english, catalogue[name], seen))
  const names = new Set(areas.map(({ name }) => name))
  return [
    ...faults,
    ...Object.keys(catalogue)
      .filter((name) => !names.has(name))
      .map((name) => `${name} is no area`),
  ]
}

function faultsOf(name: string, english: unknown, translation: unknown, seen: Set<unknown>): string[] {
  if (english === '') return []
  if (isTexts(english)) {
    // Texts that belong to two areas are translated in the first.
    if (seen.has(english)) return []
    seen.add(english)
    const own = isTexts(translation) ? translation : {}
    const extra = Object.keys(own).filter((key) => !Object.hasOwn(english, key))
    return [
      ...Object.entries(english).flatMap(([key, text]) => faultsOf(`${name}.${key}`, text, own[key], seen)),
      ...extra.map((key) => `${name}.${key} has no English text`),
    ]
  }
  if (translation === undefined) return [`${name} is missing`]
  if (Array.isArray(english)) {
    const items = Array.isArray(translation) ? translation : []
    return english.flatMap((item, at) => faultsOf(`${name}[${at}]`, item, items[at], seen))
  }
  if (typeof english !== typeof translation) return [`${name} is a ${typeof translation}`]
  if (typeof english === 'function') {
    const lost = lostValues(english as Writer, translation as Writer)
    return lost.length > 0 ? [`${name} does not contain its values ${lost.join(', ')}`] : []
  }
  const text = translation as string
  if (text.trim() === '') return [`${name} is empty`]
  const missing = variablesIn(english as string).filter((variable) => !text.includes(variable))
  return missing.map((variable) => `${name} does not contain ${variable}`)
}

type Writer = (...values: unknown[]) => string

/** The values that a text contains in English and not in a translation. */
function lostValues(english: Writer, translation: Writer): string[] {
  const count = english.length
  // A text in English may take a number or a text in the same place, and a translation only one of them.
  const found = samples(count).flatMap((values) => {
    const traces = values.map((value) => String(Array.isArray(value) ? value[0] : value))
    const [text, translated] = [english, translation].map((write) => {
      try {
        return write(...values).toLowerCase()
      } catch {
        return ''
      }
    })
    if (/\bnan\b/.test(text!) || !traces.every((trace) => text!.includes(trace))) return []
    return [traces.filter((trace) => !translated!.includes(trace))]
  })
  return found.find((lost) => lost.length === 0) ?? found[0] ?? ['(no sample fits the English text)']
}

/** All ways to give so many values: a text, a number, or texts. */
function samples(count: number): unknown[][] {
  if (count === 0) return [[]]
  return samples(count - 1).flatMap((values) => [
    [...values, `«${count}»`],
    // A number whose plural is not its own word in any language.
    [...values, 141 + 100 * count],
    [...values, [`«${count}»`, '…']],
  ])
}

/** The variables of canned responses, such as `{{agent.name}}`, and placeholders of commands that a text names. */
function variablesIn(text: string): string[] {
  return text.match(/\{\{[\w.]+/g) ?? []
}

function isTexts(value: unknown): value is Texts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
