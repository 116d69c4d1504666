import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { languageFor, languageNames, locale, localized, number, plural, setLanguage } from '../language.ts'
import { type Area, catalogueFaults } from './catalogue-faults.ts'

const dashboard = fileURLToPath(new URL('../', import.meta.url))
const files = globSync('**/*.ts', { cwd: dashboard }).filter((file) => !/^languages\/|\.test\.ts$/.test(file))
const areas: Area[] = []
const parts = new Set<object>()
/** The files of parts. Texts that are read from them instead of their area are never translated. */
const partFiles: string[] = []
for (const file of files.sort()) {
  const text = readFileSync(dashboard + file, 'utf8')
  const isOfTexts = /(?:^|[/-])strings\.ts$/.test(file)
  const [, constant, name] = /export const (\w+) = localized\('(\w+)'/.exec(text) ?? []
  if (!isOfTexts && !constant) continue
  const exported = await import(dashboard + file)
  if (name) areas.push({ name, english: exported[constant!] })
  else {
    partFiles.push(file)
    for (const part of Object.values(exported)) parts.add(part as object)
  }
}
// The settings contain the names of their pages, and of the actions, from other areas.
areas.sort((one, other) => Number(/ettings$/.test(one.name)) - Number(/ettings$/.test(other.name)))

function objectsIn(texts: object): object[] {
  const inner = Object.values(texts).filter((text) => typeof text === 'object' && text !== null)
  return [texts, ...inner.flatMap(objectsIn)]
}

describe('the texts in English', () => {
  it('can all be compared with a translation', () => {
    const english = Object.fromEntries(areas.map((area) => [area.name, area.english]))
    assert.deepEqual(catalogueFaults(areas, english), [])
  })

  it('are read from their area, because a part of it is not translated', () => {
    const modules = globSync('**/*.{ts,tsx}', { cwd: dashboard }).filter((file) => !/strings\.ts$/.test(file))
    const readers = modules.flatMap((file) => {
      const imports = readFileSync(dashboard + file, 'utf8').matchAll(/^import (?!type).* from '(\..*)'$/gm)
      return [...imports]
        .map(([, path]) => join(dirname(file), path!))
        .filter((path) => partFiles.includes(path))
        .map((path) => `${file} imports ${path}`)
    })
    assert.ok(partFiles.length > 10)
    assert.deepEqual(readers, [])
  })

  it('belong to an area, which the catalogues translate', () => {
    const all = areas.flatMap(({ english }) => objectsIn(english))
    // A part is an object of an area, or its texts were spread into one.
    const isPartOf = (part: object, whole: object) =>
      Object.entries(part).every(([key, text]) => (whole as Record<string, unknown>)[key] === text)
    const lost = [...parts].filter((part) => !all.some((whole) => isPartOf(part, whole)))
    assert.deepEqual(lost, [], 'wrap them with localized(), or make them a part of an object that is')
    const catalogue = readFileSync(`${dashboard}languages/catalogue.ts`, 'utf8')
    const unknown = areas.filter(({ name }) => !catalogue.includes(`\n  ${name}: typeof `))
    assert.deepEqual(
      unknown.map(({ name }) => name),
      [],
      'add these areas to catalogue.ts',
    )
  })
})

/** The languages whose texts must all be there. */
const complete: string[] = ['ar', 'de', 'es', 'fr', 'pt-BR', 'sw']

for (const name of Object.keys(languageNames).filter((one) => one !== 'en')) {
  const folder = `${dashboard}languages/${name}`
  describe(`the texts in ${name}`, { skip: globSync(`${folder}.ts`).length === 0 }, () => {
    it('contain everything that the English ones do', async () => {
      const { catalogue } = await import(`${folder}.ts`)
      const faults = catalogueFaults(areas, catalogue)
      const counted = complete.includes(name) ? faults : faults.filter((fault) => !/is missing$/.test(fault))
      assert.equal(counted.join('\n'), '')
    })

    it('have a form for each plural of the language', () => {
      const { pluralCategories } = new Intl.PluralRules(name).resolvedOptions()
      // French, Spanish and Portuguese have a form for millions, which no count here reaches.
      const needed = pluralCategories.filter((category) => name === 'ar' || category !== 'many')
      const sources = [`${folder}.ts`, ...globSync(`${folder}/*.ts`)].map((file) =>
        readFileSync(file, 'utf8'),
      )
      for (const [call] of sources.join('\n').matchAll(/\bplural\([^{}]*\{[^{}]*\}\)/g)) {
        // A form is enough for a text that is the same for every number.
        if (/\{\s*other:[^:]*\}/.test(call)) continue
        for (const category of needed.filter((one) => one !== 'zero')) {
          assert.match(call, new RegExp(`\\b${category}: `), `${category} is missing in ${call}`)
        }
      }
    })
  })
}

describe('a language', () => {
  it('is the first one of the browser that the dashboard has', () => {
    assert.equal(languageFor(['tlh', 'de-AT', 'fr']), 'de')
    assert.equal(languageFor(['pt-PT', 'en']), 'pt-BR')
    assert.equal(languageFor(['tlh', 'not a tag']), 'en')
  })

  it('has its texts, English ones where it has none, and its numbers and plurals', () => {
    const english = {
      a: 'a',
      name: (name: string) => `${name}!`,
      inner: { b: 'b', c: (count: number) => `${count} c` },
    }
    setLanguage('ar', { area: { inner: { c: (count: number) => `${count} ج` } } }, ['de', 'ar-EG'])
    const texts = localized('area', english)
    assert.deepEqual([texts.a, texts.inner.b, texts.inner.c(2)], ['a', 'b', '2 ج'])
    assert.equal(texts.name('Ada'), '\u2068Ada\u2069!')
    assert.equal(localized('another', english), english)
    assert.equal(locale, 'ar-EG-u-nu-latn')
    assert.match(number(1234), /^1.234$/)
    const forms = { one: 'واحد', two: 'اثنان', few: '# قليل', other: '# أخرى' }
    assert.deepEqual(
      [1, 2, 3, 100].map((count) => plural(count, forms)),
      ['واحد', 'اثنان', '3 قليل', '100 أخرى'],
    )
    setLanguage('de', {}, ['de-CH'])
    assert.match(number(1234.5), /^1.234\.5$/)
    setLanguage('en', {}, ['en-US'])
    assert.equal(plural(1, { one: '# thing', other: '# things' }), '1 thing')
  })

  it('is refused by the check of its texts if some are missing, have no value, or are unknown', () => {
    const english = { a: 'a {{x.y}}', b: (name: string, count: number) => `${name} ${count}`, c: { d: 'd' } }
    const translation = { area: { a: 'a', b: (name: string) => name, e: 'e' }, other: {} }
    assert.deepEqual(catalogueFaults([{ name: 'area', english }], translation), [
      'area.a does not contain {{x.y',
      'area.b does not contain its values «2»',
      'area.c.d is missing',
      'area.e has no English text',
      'other is no area',
    ])
  })
})
