import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findings } from './prose.ts'

/** The files that must follow docs/style.md. */
const globs = [
  '*.md',
  'docs/**/*.md',
  'src/**/*.ts',
  'web/**/*.{ts,tsx,css,html}',
  'sdk/typescript/{.,src,test}/*.{ts,md}',
  'test/**/*.ts',
  'bench/*',
  'bin/*',
  'deploy/**/*.yaml',
  'demo/*',
  '.ci/run',
  '.env.example',
]

/** These quote what they forbid. */
const exceptions = ['docs/style.md', 'test/prose.ts', 'test/prose.test.ts']

const project = fileURLToPath(new URL('..', import.meta.url))

describe('The prose of the project', () => {
  const files = globSync(globs, { cwd: project })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !exceptions.includes(file))

  it('contains no wording that docs/style.md forbids', () => {
    assert.ok(files.length > 30, files.join(', '))
    const found = files.flatMap((file) =>
      findings(readFileSync(join(project, file), 'utf8')).map((finding) => `${file}, ${finding}`),
    )
    assert.deepEqual(found, [])
  })
})

describe('The rules for prose', () => {
  const wrong = [
    'Where there is no such user, nothing is sent.',
    'Gives undefined where nobody holds the lock.',
    'A link for who has forgotten their password.',
    'The page is drawn anew.',
    'Their files stand beside it.',
    'The words stand in one object.',
    'Agents are told when it ends.',
    'Nobody’s message is lost.',
    'A connection that is no more is removed.',
    'Who is none is ignored.',
    'Run `npm run fix` to mend it.',
    '/*\n * Whoever asks gives\n * back what was borrowed.\n */',
  ]
  for (const sentence of wrong) {
    it(`find what is wrong with: ${sentence.replaceAll('\n', ' ')}`, () => {
      assert.notDeepEqual(findings(sentence), [])
    })
  }

  it('accept plain English', () => {
    const right = `If there is no such user, nothing is sent. Returns undefined if another writer holds the lock.
      It says where it is stored. There is none. An array stands in for it. No more than ten are left.`
    assert.deepEqual(findings(right), [])
  })

  it('name the line and what to write instead', () => {
    assert.deepEqual(findings('One.\n\nDraw it anew.'), ['line 3: write "again" instead of "anew"'])
  })
})
