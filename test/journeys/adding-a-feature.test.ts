import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { migrations } from '../../src/migrations.ts'
import { addToList, checkAndTest, copySources, filesOfPage } from '../source-copy.ts'

const version = migrations.length + 1
const number = String(version).padStart(4, '0')

describe('docs/adding-a-feature.md, followed literally', () => {
  it('adds a feature that its test accepts', (t) => {
    const copy = copySources(t)
    const files = filesOfPage('docs/adding-a-feature.md')
    assert.ok(files.length >= 9)
    for (const { name, text } of files) {
      const file = join(copy, 'src/features/shortcuts', name.replace('NNNN', number))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text.replaceAll('version: NNNN', `version: ${version}`).replaceAll('NNNN', number))
    }
    const list = join(copy, 'src/features.ts')
    addToList(list, 'shortcuts', './features/shortcuts/feature.ts', "{ name: 'import-export'")
    const include = ['src/features.ts', 'src/features/shortcuts']
    checkAndTest(copy, include, ['src/features/shortcuts/shortcuts.test.ts'])
  })
})
