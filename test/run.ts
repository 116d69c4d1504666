import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { noBrowser } from './browser/chromium.ts'

/*
 * Runs the tests. `node test/run.ts` runs all of them on SQLite. `node test/run.ts postgres` runs those that use a database
 * of test/databases.ts, except for the tests in a browser, on the PostgreSQL server of TEST_DATABASE_URL.
 */
const onPostgres = process.argv[2] === 'postgres'
const all = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts', 'sdk/**/*.test.ts'])
const usesTestDatabase =
  /\b(?:start(?:Test|Webhook)App|testDatabaseUrl|create(?:TestData|Database)|skipWithout(?:Postgres|Initdb))\b/
const files = all
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !onPostgres || !file.startsWith('test/browser/'))
  .filter((file) => !onPostgres || usesTestDatabase.test(readFileSync(file, 'utf8')))

const { env } = process
if (onPostgres) env.TEST_DATABASE_URL ||= 'postgres://postgres@127.0.0.1:5432/postgres'
else delete env.TEST_DATABASE_URL
// Each file runs in another process: they share compiled code.
env.NODE_COMPILE_CACHE = 'node_modules/.cache/compiled'
// Before the tests, because each of them would build what they start.
spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' })
// Not imported above: it reads TEST_DATABASE_URL.
const { createTemplate } = await import('./database-template.ts')
const template = await createTemplate()
const options = ['--test', '--test-timeout=600000', '--test-concurrency=3']
const tests = spawn(process.execPath, [...options, ...files], {
  stdio: 'inherit',
  env: { ...env, ...template.environment },
})
const [status] = await once(tests, 'exit')
await template.remove()
if (!onPostgres) {
  process.stdout.write(
    'This was on SQLite. On PostgreSQL: npm run test:postgres, with a server in TEST_DATABASE_URL=postgres://USER@HOST/DATABASE\n',
  )
}
if (noBrowser) process.stdout.write(`The tests in a browser were skipped: ${noBrowser}.\n`)
process.exitCode = status ?? 1
