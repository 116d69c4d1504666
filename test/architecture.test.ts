import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { features } from '../src/features.ts'
import { importsOf, type Rule, type Violation, violations } from './architecture.ts'

const root = fileURLToPath(new URL('../src', import.meta.url))
const sources = Object.fromEntries(
  globSync('**/*.ts', { cwd: root }).map((file) => [
    file.replaceAll('\\', '/'),
    readFileSync(join(root, file), 'utf8'),
  ]),
)

describe('The sources', () => {
  it('follow the rules of ARCHITECTURE.md', () => {
    const all = violations({ files: sources, features: features.map(({ name }) => name) })
    assert.deepEqual(all.map(describeViolation), [])
  })

  it('are all found, and their imports lead to files that exist', () => {
    assert.ok(Object.keys(sources).length > 40)
    const edges = Object.entries(sources).flatMap(([file, text]) =>
      importsOf(file, text).map((target) => ({ file, target })),
    )
    const broken = edges.filter(
      ({ target }) => target.endsWith('.ts') && !target.startsWith('../') && !(target in sources),
    )
    assert.deepEqual(broken, [])
    assert.ok(
      edges.some(
        ({ file, target }) =>
          file === 'features/messages/routes.ts' && target === 'features/messages/service.ts',
      ),
    )
    // Counted in another way, to see that importsOf() overlooks none.
    const lines = Object.values(sources).join('\n')
    const count = [...lines.matchAll(/^(?:import|export|\}).* from '[^']+'$|^import '[^']+'$/gm)].length
    assert.ok(count > 100 && edges.length >= count, `${edges.length} of ${count}`)
  })
})

describe('importsOf()', () => {
  const read = (text: string) => importsOf('features/a/service.ts', text)

  it('finds imports of every form, including types', () => {
    const text = `
      import one from './one.ts'
      import type { Two } from '../b/two.ts'
      import { type Three,
        four } from '../../lib/three.ts'
      import './five.ts'
      export * from './six.ts'
      export type { Seven } from "./seven.ts"
      const eight = await import('./eight.ts')
      type Nine = import('./nine.ts').Nine
      import * as ten from 'fastify'`
    assert.deepEqual(read(text).sort(), [
      'fastify',
      'features/a/eight.ts',
      'features/a/five.ts',
      'features/a/nine.ts',
      'features/a/one.ts',
      'features/a/seven.ts',
      'features/a/six.ts',
      'features/b/two.ts',
      'lib/three.ts',
    ])
  })

  it('ignores imports in comments, but not those after a string that contains //', () => {
    assert.deepEqual(read(`// import './a.ts'\n/* import './b.ts' */`), [])
    assert.deepEqual(read(`const url = 'http://x'; import './c.ts'`), ['features/a/c.ts'])
  })
})

/** Sources with two features, `early` before `late`, that follow all rules. */
const correct: Record<string, string> = {
  'app.ts': `import { features } from './features.ts'\nimport { open } from './db/open.ts'`,
  'cli.ts': `import './commands/start.ts'`,
  'commands/start.ts': `import '../app.ts'\nimport '../features/early/service.ts'`,
  'config.ts': 'export const port = process.env.PORT',
  'db/open.ts': `import { sql } from 'kysely'\nimport '../lib/time.ts'\nimport { DatabaseSync } from 'node:sqlite'`,
  'deliveries/sender.ts': `import './target.store.ts'\nimport '../events/log.ts'`,
  'deliveries/target.store.ts': `import '../db/open.ts'\nqueries.sql.selectFrom('targets')`,
  'events/log.ts': `import '../db/open.ts'\nsql\`select 1\``,
  'features.ts': `import './features/early/feature.ts'\nimport './features/late/feature.ts'`,
  'features/early/feature.ts': `import './routes.ts'`,
  'features/early/list.ts': `import './store.ts'`,
  'features/early/routes.ts': `import './service.ts'\nimport './list.ts'\nimport './schema.ts'`,
  'features/early/schema.ts': `import '../../lib/time.ts'`,
  'features/early/service.ts': `import './list.ts'\nimport './store.ts'\nimport '../../events/log.ts'`,
  'features/early/migrations/0001-rows.sqlite.ts': 'export const sqlite = `\ncreate table rows (id integer)`',
  'features/early/tables.ts': `import type { Generated } from 'kysely'\ninterface Tables { rows: Row }`,
  'features/early/store.ts': `import type { Row } from './schema.ts'\nqueries.sql.selectFrom('rows')`,
  'features/channels/sms/channel.ts': `export const channel = {\n  type: 'sms',\n}`,
  'features/late/feature.ts': `import './service.ts'\nimport '../early/service.ts'`,
  'features/late/late.test.ts': `import '../early/store.ts'\nimport '../../../test/app.ts'\nprocess.env.X`,
  'features/late/late.store.ts': `import '../early/parts.store.ts'`,
  'features/late/service.ts': `import '../early/service.ts'\nimport '../early/list.ts'\nimport type { Row } from '../early/schema.ts'`,
  'http/server.ts': `import type { Config } from '../config.ts'\nimport '../lib/time.ts'\nimport '../db/open.ts'`,
  'lib/time.ts': `import { setTimeout } from 'node:timers/promises'\n// process.env, selectFrom( and sql\`\` in a comment`,
  'main.ts': `import './app.ts'`,
}

/** The violations after these texts have been added to the correct sources. */
function violationsAfter(additions: Record<string, string>): string[] {
  const files = { ...correct }
  for (const [file, text] of Object.entries(additions)) files[file] = `${correct[file] ?? ''}\n${text}`
  return violations({ files, features: ['early', 'channels', 'late'] }).map(describeViolation)
}

function describeViolation({ rule, file, evidence }: Violation): string {
  return `${rule}: ${file}: ${evidence}`
}

describe('The rules of the architecture', () => {
  it('accept correct sources', () => assert.deepEqual(violationsAfter({}), []))

  const faults: [what: string, rule: Rule, file: string, text: string, evidence?: string][] = [
    ['lib imports the database', 'layers', 'lib/time.ts', `import '../db/other.ts'`],
    ['lib imports a type of the settings', 'layers', 'lib/time.ts', `import type { C } from '../config.ts'`],
    ['the database imports the event log', 'layers', 'db/open.ts', `import '../events/other.ts'`],
    ['the database imports the settings', 'layers', 'db/open.ts', `import '../config.ts'`],
    ['events import HTTP', 'layers', 'events/log.ts', `import '../http/server.ts'`],
    ['events import deliveries', 'layers', 'events/log.ts', `import '../deliveries/sender.ts'`],
    [
      'deliveries import a feature',
      'layers',
      'deliveries/sender.ts',
      `import '../features/early/service.ts'`,
    ],
    ['deliveries import HTTP', 'layers', 'deliveries/sender.ts', `import '../http/server.ts'`],
    [
      'a query outside of the stores of deliveries',
      'queries',
      'deliveries/sender.ts',
      'sql`select 1`',
      'sql`',
    ],
    ['files import events', 'layers', 'files/disk.ts', `import '../events/log.ts'`],
    ['HTTP imports a feature', 'layers', 'http/server.ts', `import '../features/early/service.ts'`],
    [
      'HTTP imports a feature dynamically',
      'layers',
      'http/server.ts',
      `await import('../features/early/service.ts')`,
    ],
    ['HTTP imports a file next to app.ts', 'layers', 'http/server.ts', `import '../version.ts'`],
    [
      'a feature imports a file next to app.ts',
      'layers',
      'features/late/service.ts',
      `import '../../other.ts'`,
    ],
    ['a feature imports the settings', 'layers', 'features/late/service.ts', `import '../../config.ts'`],
    ['a feature imports a command', 'layers', 'features/late/service.ts', `import '../../commands/stop.ts'`],
    ['the settings import lib', 'layers', 'config.ts', `import './lib/time.ts'`],
    ['a store imports the service', 'inside a feature', 'features/late/store.ts', `import './service.ts'`],
    [
      'a service imports a type of routes',
      'inside a feature',
      'features/late/list.ts',
      `import type { R } from './routes.ts'`,
    ],
    ['a schema imports the store', 'inside a feature', 'features/late/schema.ts', `import './store.ts'`],
    [
      'a store imports a file on the level of the service',
      'inside a feature',
      'features/late/store.ts',
      `import './list.ts'`,
    ],
    ['routes import the store', 'inside a feature', 'features/late/routes.ts', `import './store.ts'`],
    ['routes import feature.ts', 'inside a feature', 'features/late/routes.ts', `import './feature.ts'`],
    [
      'a feature imports the store of another',
      'between features',
      'features/late/service.ts',
      `import '../early/store.ts'`,
    ],
    [
      'a feature imports the routes of another',
      'between features',
      'features/late/service.ts',
      `import '../early/routes.ts'`,
    ],
    [
      'a name exported from a file that does not define it',
      'exports',
      'features/late/service.ts',
      `export { one } from './list.ts'`,
      'export { one } from',
    ],
    [
      'a feature imports a later one',
      'between features',
      'features/early/list.ts',
      `import '../late/schema.ts'`,
    ],
    ['a feature that is not in the list', 'the list of features', 'features/lost/service.ts', '', 'lost'],
    [
      'a query builder in a service',
      'queries',
      'features/late/service.ts',
      `tx.sql.selectFrom('rows')`,
      '.sql',
    ],
    ['a query in routes', 'queries', 'features/late/routes.ts', 'tx\n.insertInto("rows")', '.insertInto('],
    [
      'an SQL template in a service',
      'queries',
      'features/late/service.ts',
      'sql<number>`select 1`',
      'sql<number>`',
    ],
    ['raw SQL in a command', 'queries', 'commands/start.ts', `sql.raw('x')`, 'sql.raw('],
    ['a query builder as an argument', 'queries', 'features/late/service.ts', 'find(tx.sql)', '.sql'],
    [
      'the query builder imported by HTTP',
      'queries',
      'http/server.ts',
      `import type { K } from 'kysely'`,
      `from 'kysely'`,
    ],
    [
      'the engine imported by a command',
      'queries',
      'commands/start.ts',
      `import x from 'node:sqlite'`,
      `from 'node:sqlite'`,
    ],
    ['SQL as text in a command', 'queries', 'commands/start.ts', `run('pragma user_version')`, `'pragma `],
    [
      'the database reads a table of a feature',
      'tables',
      'db/open.ts',
      'sql`select 1 from rows`',
      'from rows',
    ],
    [
      'events read a table of a feature',
      'tables',
      'events/log.ts',
      `sql.selectFrom('rows as r')`,
      `From('rows`,
    ],
    [
      'a collection of the process',
      'state',
      'features/late/service.ts',
      'const queues = new WeakMap<Database, Queue>()',
      'const queues = new WeakMap<Database, Queue>()',
    ],
    [
      'the type of a channel outside of its folder',
      'channels',
      'features/late/service.ts',
      `const isSms = (type) => type === 'sms'`,
      `'sms'`,
    ],
    [
      'the environment read in a service',
      'environment',
      'features/late/service.ts',
      'process.env.PORT',
      'process.env',
    ],
    ['the environment read by name', 'environment', 'http/server.ts', `process['env'].PORT`, 'process['],
    [
      'the environment destructured',
      'environment',
      'main.ts',
      'const { env } = process',
      '{ env } = process',
    ],
    [
      'the environment imported',
      'environment',
      'main.ts',
      `import { env } from 'node:process'`,
      `import { env } from 'node:process'`,
    ],
    ['a file called index', 'file names', 'lib/index.ts', '', 'index.ts'],
    ['a file called utils', 'file names', 'lib/utils.ts', '', 'utils.ts'],
    ['a folder called common', 'file names', 'lib/common/time.ts', '', 'common'],
    ['a file of 301 lines', 'length', 'lib/long.ts', '// line\n'.repeat(300), '301 lines'],
    ['an import of a test', 'tests', 'features/late/list.ts', `import './late.test.ts'`],
    ['an import from outside of src', 'tests', 'main.ts', `import '../test/app.ts'`],
  ]
  for (const [what, rule, file, text, evidence = importsOf(file, text)[0]!] of faults) {
    it(`report: ${what}`, () => {
      const place = file === 'features/lost/service.ts' ? 'features.ts' : file
      const expected = describeViolation({ rule, file: place, evidence })
      const all = violationsAfter({ [file]: text })
      assert.ok(all.includes(expected), `${expected} is not in [${all.join(', ')}]`)
    })
  }

  it('report a feature in the list that has no folder', () => {
    const all = violations({ files: correct, features: ['early', 'middle', 'channels', 'late'] })
    assert.deepEqual(all, [{ rule: 'the list of features', file: 'features.ts', evidence: 'middle' }])
  })

  it('report imports of a later feature when the order of the list changes', () => {
    const all = violations({ files: correct, features: ['late', 'channels', 'early'] })
    assert.deepEqual(new Set(all.map(({ rule }) => rule)), new Set(['between features']))
    assert.equal(all.length, 5)
  })

  it('report a cycle of three files once, and no cycle if two paths lead to one file', () => {
    const all = violationsAfter({
      'lib/a.ts': `import './b.ts'`,
      'lib/b.ts': `import type { C } from './c.ts'`,
      'lib/c.ts': `import './a.ts'\nimport './time.ts'`,
      'lib/d.ts': `import './a.ts'\nimport './c.ts'`,
    })
    assert.deepEqual(all, ['cycles: lib/a.ts: lib/a.ts -> lib/b.ts -> lib/c.ts -> lib/a.ts'])
  })

  it('report a file that imports itself', () => {
    const all = violationsAfter({ 'lib/a.ts': `import './a.ts'` })
    assert.deepEqual(all, ['cycles: lib/a.ts: lib/a.ts -> lib/a.ts'])
  })

  it('accept a file of 300 lines', () => {
    assert.deepEqual(violationsAfter({ 'lib/long.ts': '// line\n'.repeat(299) }), [])
  })

  it('accept a test of more than 300 lines', () => {
    assert.deepEqual(violationsAfter({ 'lib/long.test.ts': '// line\n'.repeat(500) }), [])
  })
})
