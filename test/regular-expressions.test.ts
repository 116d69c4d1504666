import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { builtPatterns } from '../src/features/channels/email/reply-marks.ts'
import { assertLinear, patternsIn } from './regular-expressions.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function sourcesIn(glob: string): Record<string, string> {
  const names = globSync(glob, { cwd: root }).filter((name) => !name.includes('.test.'))
  return Object.fromEntries(
    names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(root, name), 'utf8')]),
  )
}

// Files that build patterns at run time, with the patterns that result.
const sign = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}'
const built = {
  // The pattern of a schema.
  'src/features/channels/email/incoming.ts': [],
  'src/features/channels/email/reply-marks.ts': [...builtPatterns],
  'src/features/messages/submission.ts': [],
  // Of an element in the response of the storage.
  'src/files/s3.ts': [/<Key>([^<]*)<\/Key>/g],
  'src/features/search/words.ts': [new RegExp(`[${sign}]|(?:(?![${sign}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')],
}

/** Returns the patterns that schemas contain as strings. */
function schemaPatterns() {
  const patterns = Object.entries(sourcesIn('src/**/*.ts')).flatMap(([place, text]) =>
    [...text.matchAll(/\bpattern: '((?:[^'\\]|\\.)*)'/g)].map(([, source]) => {
      return { place, pattern: new RegExp(source!.replaceAll('\\\\', '\\'), 'u') }
    }),
  )
  assert.ok(patterns.length > 8, 'schemas contain patterns in another form')
  return patterns
}

describe('A regular expression', () => {
  for (const found of patternsIn({ ...sourcesIn('web/**/*.{ts,tsx}'), ...sourcesIn('src/**/*.ts') }, built)) {
    it(`takes time in proportion to the text: ${found.place} ${found.pattern}`, () => assertLinear(found))
  }

  for (const pattern of [
    /[.,]+$/u,
    /\b[\w.]+@\w+/,
    /^(a+)+$/,
    /<!--.*-->/s,
    /\[\d+\].*$/,
    /mailto:[^\s]+@/,
  ]) {
    it(`that takes longer is found: ${pattern}`, () => {
      assert.throws(
        () => assertLinear({ pattern, place: 'here' }, 500),
        /^AssertionError.*: here: .* takes too long /,
      )
    })
  }

  for (const { pattern, place } of schemaPatterns()) {
    it(`of a schema takes time in proportion to the text: ${place} ${pattern}`, () =>
      assertLinear({ pattern, place }))
  }

  it('is found in every place of a source file', () => {
    const text = "const a = /x+/g\nconst b = <p>{t.replace(/\\/y[/]/u, '')} /no/</p>\nnew RegExp('z', 'i')"
    const found = patternsIn({ 'a.tsx': text })
    assert.deepEqual(
      found.map(({ pattern, place }) => `${place} ${pattern}`),
      ['a.tsx:1 /x+/g', 'a.tsx:2 /\\/y[/]/u', 'a.tsx:3 /z/i'],
    )
    assert.throws(() => patternsIn({ 'a.ts': 'new RegExp(x)' }), /a\.ts:1 builds a pattern/)
  })
})
