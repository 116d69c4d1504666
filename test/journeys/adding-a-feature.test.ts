import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { migrations } from '../../src/migrations.ts'
import { project, temporaryDirectory } from '../process.ts'

const page = readFileSync(join(project, 'docs/adding-a-feature.md'), 'utf8')
const version = migrations.length + 1

describe('docs/adding-a-feature.md, followed literally', () => {
  it('adds a feature that its test accepts', (t) => {
    const copy = temporaryDirectory(t)
    for (const folder of ['src', 'test', 'package.json', 'tsconfig.json', 'bin']) {
      cpSync(join(project, folder), join(copy, folder), { recursive: true })
    }
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
    const folder = join(copy, 'src/features/shortcuts')
    const blocks = [...page.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)]
    assert.ok(blocks.length >= 9)
    for (const [, name, text] of blocks) {
      const file = join(folder, name!.replace('NNNN', String(version).padStart(4, '0')))
      mkdirSync(dirname(file), { recursive: true })
      const code = text!.replaceAll('version: NNNN', `version: ${version}`)
      writeFileSync(file, code.replaceAll('NNNN', String(version).padStart(4, '0')))
    }
    const list = join(copy, 'src/features.ts')
    const features = readFileSync(list, 'utf8')
      .replace(/^/, "import { feature as shortcuts } from './features/shortcuts/feature.ts'\n")
      .replace("  { name: 'import-export'", "  shortcuts,\n  { name: 'import-export'")
    writeFileSync(list, features)
    const include = ['src/features.ts', 'src/features/shortcuts', 'src/**/tables.ts']
    writeFileSync(join(copy, 'shortcuts.json'), JSON.stringify({ extends: './tsconfig.json', include }))
    run(copy, ['node_modules/typescript/bin/tsc', '-p', 'shortcuts.json'])
    const tests = ['src/features/shortcuts/shortcuts.test.ts', 'test/architecture.test.ts']
    assert.match(run(copy, ['--test', ...tests]), /^ℹ pass [1-9]/m)
  })
})

/** Runs Node.js in a directory and returns its output. Fails if it does. */
function run(cwd: string, words: string[]): string {
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd, env, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  return stdout
}
