import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const app = fileURLToPath(new URL('../app.ts', import.meta.url))

/** Returns which of Node.js's own modules a process has loaded after a statement. */
function loadedAfter(statement: string): string[] {
  const code = `${statement}; console.log(process.moduleLoadList.join('\\n'))`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' })
  return output.split('\n').map((line) => line.replace(/^NativeModule /, ''))
}

it('what the server imports does not load the second HTTP client of Node.js', () => {
  const client = 'internal/deps/undici/undici'
  const loaded = loadedAfter(`await import(${JSON.stringify(app)})`)
  assert.ok(loaded.includes('http'))
  assert.ok(!loaded.includes(client))
  assert.ok(loadedAfter(`await import('node:http')`).includes(client), 'which an import would')
})
