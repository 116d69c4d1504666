import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { project, temporaryDirectory } from '../process.ts'

const page = readFileSync(join(project, 'docs/adding-a-channel.md'), 'utf8')

describe('docs/adding-a-channel.md, followed literally', () => {
  it('adds a channel that its test accepts', (t) => {
    const copy = temporaryDirectory(t)
    for (const folder of ['src', 'test', 'package.json', 'tsconfig.json', 'bin']) {
      cpSync(join(project, folder), join(copy, folder), { recursive: true })
    }
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
    const folder = join(copy, 'src/features/channels/folder')
    mkdirSync(folder)
    const blocks = [...page.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)]
    assert.equal(blocks.length, 2)
    for (const [, name, text] of blocks) writeFileSync(join(folder, name!), text!)
    const list = join(copy, 'src/features/channels/list.ts')
    const channels = readFileSync(list, 'utf8')
      .replace(/^/, "import { channel as folder } from './folder/channel.ts'\n")
      .replace('[api,', '[folder, api,')
    writeFileSync(list, channels)
    const include = ['src/features/channels/list.ts', 'src/features/channels/folder', 'src/**/tables.ts']
    writeFileSync(join(copy, 'folder.json'), JSON.stringify({ extends: './tsconfig.json', include }))
    run(copy, ['node_modules/typescript/bin/tsc', '-p', 'folder.json'])
    const tests = ['src/features/channels/folder/folder.test.ts', 'test/architecture.test.ts']
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
