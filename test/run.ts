import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeBatches } from './batches.ts'
import { noBrowser } from './browser/chromium.ts'

/*
 * Runs the tests. `node test/run.ts` runs all of them on SQLite, `node test/run.ts postgres` those that use a database
 * of test/databases.ts, except for those in a browser and of the SDK, on the PostgreSQL server of TEST_DATABASE_URL. If
 * at most five files fail, they run again, alone: a machine that is too busy for the times that tests wait is no fault
 * of the program.
 */
const onPostgres = process.argv[2] === 'postgres'
const given = process.argv.slice(onPostgres ? 3 : 2)
const everywhere = ['src', 'test', 'web', 'sdk'].map((folder) => `${folder}/**/*.test.ts`)
const all = globSync(given.length > 0 ? given : everywhere).sort()
const usesTestDatabase =
  /\b(?:start(?:Test|Webhook)App|testDatabaseUrl|create(?:TestData|Database)|skipWithout(?:Postgres|Initdb))\b/
const files = all
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !onPostgres || !/^(?:test\/browser|sdk)\//.test(file))
  .filter((file) => !onPostgres || usesTestDatabase.test(readFileSync(file, 'utf8')))

const { env } = process
if (onPostgres) env.TEST_DATABASE_URL ||= 'postgres://postgres@127.0.0.1:5432/postgres'
else delete env.TEST_DATABASE_URL
// The processes share compiled code.
env.NODE_COMPILE_CACHE = resolve('node_modules/.cache/compiled')
// Before the tests, because each of them would build what they start.
spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' })
// Not imported above: it reads TEST_DATABASE_URL.
const { createTemplate } = await import('./database-template.ts')
const template = await createTemplate()
const directory = mkdtempSync(join(tmpdir(), 'ndoto-tests-'))
// Most of what a small file costs is to load the server: eight of them share a process.
const batches = writeBatches(files, directory, 8)
let result = await run(batches, 3)
const again = result.failed
if (again.length > 0 && again.length <= 5 && again.every((file) => files.includes(file))) {
  process.stdout.write(`\nThese failed while others ran, and run again, alone: ${again.join(', ')}\n\n`)
  result = await run(writeBatches(again, directory, 1), 1)
  if (result.status === 0)
    process.stdout.write(`These passed only when they ran alone: ${again.join(', ')}\n`)
}
rmSync(directory, { recursive: true })
await template.remove()
if (!onPostgres) {
  process.stdout.write(
    'This was on SQLite. On PostgreSQL: npm run test:postgres, with a server in TEST_DATABASE_URL=postgres://USER@HOST/DATABASE\n',
  )
}
if (noBrowser) process.stdout.write(`The tests in a browser were skipped: ${noBrowser}.\n`)
process.exitCode = result.status

/** Runs test files, and returns the status and the names of the files that failed. */
async function run(paths: string[], concurrency: number): Promise<{ status: number; failed: string[] }> {
  const failed = join(directory, 'failed')
  const options = [
    '--test',
    '--test-timeout=600000',
    `--test-concurrency=${concurrency}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${import.meta.resolve('./failed-files.ts')}`,
    `--test-reporter-destination=${failed}`,
  ]
  const tests = spawn(process.execPath, [...options, ...paths], {
    stdio: 'inherit',
    env: { ...env, ...template.environment },
  })
  const [status] = await once(tests, 'exit')
  return {
    status: status ?? 1,
    failed: [...new Set(readFileSync(failed, 'utf8').split('\n'))].filter(Boolean),
  }
}
