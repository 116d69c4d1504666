import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { project, type Scope, temporaryDirectory } from './process.ts'

/** Copies the sources to a directory in which a test can add to them. It is removed at the end of the test. */
export function copySources(scope: Scope): string {
  const copy = temporaryDirectory(scope)
  for (const folder of ['src', 'test', 'package.json', 'tsconfig.json', 'bin']) {
    cpSync(join(project, folder), join(copy, folder), { recursive: true })
  }
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** The files that a page of docs/ shows: the name after the fence, and the text of the block. */
export function filesOfPage(page: string): { name: string; text: string }[] {
  const text = readFileSync(join(project, page), 'utf8')
  return [...text.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name, block]) => ({
    name: name!,
    text: block!,
  }))
}

/** Adds an entry to a list in a copy, such as `features.ts`: imports `name` from `path`, and puts it before `place`. */
export function addToList(file: string, name: string, path: string, place: string): void {
  const [, exported] = /(\w+)\.ts$/.exec(path)!
  const list = readFileSync(file, 'utf8')
  assert.equal(list.split(place).length, 2)
  const added = list.replace(place, `${name}, ${place}`)
  writeFileSync(file, `import { ${exported} as ${name} } from '${path}'\n${added}`)
}

/** Checks the types of some files of a copy, runs tests there, and fails if one of both does. */
export function checkAndTest(copy: string, include: string[], tests: string[]): void {
  const types = join(copy, 'types.json')
  writeFileSync(
    types,
    JSON.stringify({ extends: './tsconfig.json', include: [...include, 'src/**/tables.ts'] }),
  )
  run(copy, ['node_modules/typescript/bin/tsc', '-p', types])
  assert.match(run(copy, ['--test', ...tests, 'test/architecture.test.ts']), /^ℹ pass [1-9]/m)
}

/** Runs Node.js in a directory and returns its output. Fails if it does. */
function run(cwd: string, words: string[]): string {
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd, env, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  return stdout
}
