import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { noBrowser } from './browser/chromium.ts'

/*
 * Runs the tests: `node test/run.ts` on SQLite, `node test/run.ts postgres` those that are about both engines, or about
 * PostgreSQL, on the server of TEST_DATABASE_URL.
 */
const onPostgres = process.argv[2] === 'postgres'
const everything = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'])
const ofOneEngine = /^src\/(?:lib|db|config)|^test\/(?:architecture|web|browser|journeys)|^web/
const ofPostgres = /postgres|copy|examples|isolation|fuzz/
const files = everything
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !onPostgres || !ofOneEngine.test(file) || ofPostgres.test(file))

const { TEST_DATABASE_URL, ...environment } = process.env
// Each file is a process of its own: they share what was compiled.
const shared = { ...environment, NODE_COMPILE_CACHE: 'node_modules/.cache/compiled' }
const env = onPostgres
  ? { ...shared, TEST_DATABASE_URL: TEST_DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/postgres' }
  : shared
const options = ['--test', '--test-timeout=300000', '--test-concurrency=3']
const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit', env })
if (!onPostgres) {
  process.stdout.write(
    'This was on SQLite. On PostgreSQL: npm run test:postgres, with a server in TEST_DATABASE_URL=postgres://USER@HOST/DATABASE\n',
  )
}
if (noBrowser) process.stdout.write(`The tests of pages were skipped: ${noBrowser}.\n`)
process.exitCode = status ?? 1
