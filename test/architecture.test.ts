import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { features } from '../src/features.ts'
import { importsOf, type Rule, violations } from './architecture.ts'

const root = fileURLToPath(new URL('../src', import.meta.url))
const real = Object.fromEntries(
  globSync('**/*.ts', { cwd: root }).map((file) => [
    file.replaceAll('\\', '/'),
    readFileSync(join(root, file), 'utf8'),
  ]),
)

describe('the house', () => {
  it('keeps all its rules', () => {
    const found = violations({ files: real, features: features.map(({ name }) => name) })
    assert.deepEqual(
      found.map(({ rule, file, found }) => `${rule}: ${file}: ${found}`),
      [],
    )
  })

  it('was read: its files are there, and their imports lead to files that are there', () => {
    assert.ok(Object.keys(real).length > 40)
    const edges = Object.entries(real).flatMap(([file, text]) =>
      importsOf(file, text).map((target) => ({ file, target })),
    )
    const lost = edges.filter(
      ({ target }) => target.endsWith('.ts') && !target.startsWith('../') && !(target in real),
    )
    assert.deepEqual(lost, [])
    assert.ok(
      edges.some(
        ({ file, target }) =>
          file === 'features/messages/routes.ts' && target === 'features/messages/service.ts',
      ),
    )
    // Counted another way, so that none is overlooked.
    const lines = Object.values(real).join('\n')
    const counted = [...lines.matchAll(/^(?:import|export|\}).* from '[^']+'$|^import '[^']+'$/gm)].length
    assert.ok(counted > 100 && edges.length >= counted, `${edges.length} of ${counted}`)
  })
})

describe('the pages', () => {
  /** What files below `web` import that browsers do not have, or that is not a shape of the API. */
  const foreign = (files: Record<string, string>) =>
    Object.entries(files).flatMap(([file, text]) =>
      importsOf(file, text).filter(
        (target) =>
          target.startsWith('node:') ||
          (target.endsWith('.ts') && !/^(?:web\/|src\/features\/[\w-]+\/schema\.ts$)/.test(target)),
      ),
    )
  const project = join(root, '..')
  const files = globSync('web/**/*.ts', { cwd: project }).filter((file) => !file.endsWith('.test.ts'))

  it('import from the server nothing but schemas, and no modules of Node', () => {
    assert.ok(files.length > 0)
    const texts = files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(project, file), 'utf8')])
    assert.deepEqual(foreign(Object.fromEntries(texts)), [])
  })

  it('would be found out', () => {
    const lines = [
      "import type { Message } from '../../src/features/messages/schema.ts'",
      "import { post } from '../../src/features/messages/service.ts'",
      "import { version } from '../../src/version.ts'",
      "import { readFileSync } from 'node:fs'",
    ]
    assert.deepEqual(foreign({ 'web/shared/events.ts': lines.join('\n') }), [
      'src/features/messages/service.ts',
      'src/version.ts',
      'node:fs',
    ])
  })
})

describe('imports', () => {
  const read = (text: string) => importsOf('features/a/service.ts', text)

  it('are found in every form, types too', () => {
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

  it('in comments do not count, and what looks like a comment in a string hides nothing', () => {
    assert.deepEqual(read(`// import './a.ts'\n/* import './b.ts' */`), [])
    assert.deepEqual(read(`const url = 'http://x'; import './c.ts'`), ['features/a/c.ts'])
  })
})

/** A house of two features, `early` above `late`, that keeps all rules. */
const good: Record<string, string> = {
  'app.ts': `import { features } from './features.ts'\nimport { open } from './db/open.ts'`,
  'cli.ts': `import './commands/start.ts'`,
  'commands/start.ts': `import '../app.ts'\nimport '../features/early/service.ts'`,
  'config.ts': 'export const port = process.env.PORT',
  'db/open.ts': `import { sql } from 'kysely'\nimport '../lib/time.ts'\nimport { DatabaseSync } from 'node:sqlite'`,
  'events/log.ts': `import '../db/open.ts'\nsql\`select 1\``,
  'features.ts': `import './features/early/feature.ts'\nimport './features/late/feature.ts'`,
  'features/early/feature.ts': `import './routes.ts'`,
  'features/early/list.ts': `import './store.ts'`,
  'features/early/routes.ts': `import './service.ts'\nimport './list.ts'\nimport './schema.ts'`,
  'features/early/schema.ts': `import '../../lib/time.ts'`,
  'features/early/service.ts': `import './list.ts'\nimport './store.ts'\nimport '../../events/log.ts'`,
  'features/early/store.ts': `import type { Row } from './schema.ts'\nqueries.sql.selectFrom('rows')`,
  'features/late/feature.ts': `import './service.ts'\nimport '../early/service.ts'`,
  'features/late/late.test.ts': `import '../early/store.ts'\nimport '../../../test/app.ts'\nprocess.env.X`,
  'features/late/service.ts': `import '../early/service.ts'\nimport type { Row } from '../early/schema.ts'`,
  'http/server.ts': `import type { Config } from '../config.ts'\nimport '../lib/time.ts'\nimport '../db/open.ts'`,
  'lib/time.ts': `import { setTimeout } from 'node:timers/promises'\n// process.env, selectFrom( and sql\`\` are words here`,
  'main.ts': `import './app.ts'`,
}

function broken(plants: Record<string, string>): string[] {
  const files = { ...good }
  for (const [file, text] of Object.entries(plants)) files[file] = `${good[file] ?? ''}\n${text}`
  return violations({ files, features: ['early', 'late'] }).map(
    ({ rule, file, found }) => `${rule}: ${file}: ${found}`,
  )
}

describe('the rules', () => {
  it('let a house pass that keeps them', () => assert.deepEqual(broken({}), []))

  const planted: [what: string, rule: Rule, file: string, text: string, found?: string][] = [
    ['lib imports the database', 'floors', 'lib/time.ts', `import '../db/other.ts'`],
    ['lib imports the settings for a type', 'floors', 'lib/time.ts', `import type { C } from '../config.ts'`],
    ['the database imports the log of events', 'floors', 'db/open.ts', `import '../events/other.ts'`],
    ['the database imports the settings', 'floors', 'db/open.ts', `import '../config.ts'`],
    ['events import jobs', 'floors', 'events/log.ts', `import '../jobs/queue.ts'`],
    ['jobs import HTTP', 'floors', 'jobs/queue.ts', `import '../http/server.ts'`],
    ['files import events', 'floors', 'files/disk.ts', `import '../events/log.ts'`],
    ['HTTP imports a feature', 'floors', 'http/server.ts', `import '../features/early/service.ts'`],
    [
      'HTTP loads a feature later',
      'floors',
      'http/server.ts',
      `await import('../features/early/service.ts')`,
    ],
    ['HTTP imports the composition', 'floors', 'http/server.ts', `import '../version.ts'`],
    ['a feature imports the composition', 'floors', 'features/late/service.ts', `import '../../other.ts'`],
    ['a feature imports the settings', 'floors', 'features/late/service.ts', `import '../../config.ts'`],
    ['a feature imports a command', 'floors', 'features/late/service.ts', `import '../../commands/stop.ts'`],
    ['settings import something of ours', 'floors', 'config.ts', `import './lib/time.ts'`],
    ['a store imports the service', 'inside a feature', 'features/late/store.ts', `import './service.ts'`],
    [
      'a service imports routes for a type',
      'inside a feature',
      'features/late/list.ts',
      `import type { R } from './routes.ts'`,
    ],
    ['a schema imports the store', 'inside a feature', 'features/late/schema.ts', `import './store.ts'`],
    [
      'a store imports what stands beside the service',
      'inside a feature',
      'features/late/store.ts',
      `import './list.ts'`,
    ],
    ['routes go past the service', 'inside a feature', 'features/late/routes.ts', `import './store.ts'`],
    ['routes import the manifest', 'inside a feature', 'features/late/routes.ts', `import './feature.ts'`],
    [
      'a feature reads the store of another',
      'between features',
      'features/late/service.ts',
      `import '../early/store.ts'`,
    ],
    [
      'a feature imports the insides of another',
      'between features',
      'features/late/service.ts',
      `import '../early/list.ts'`,
    ],
    [
      'a feature imports one further down',
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
    ['a raw SQL call in a command', 'queries', 'commands/start.ts', `sql.raw('x')`, 'sql.raw('],
    ['the builder passed on as an argument', 'queries', 'features/late/service.ts', 'find(tx.sql)', '.sql'],
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
      'the environment read in a service',
      'environment',
      'features/late/service.ts',
      'process.env.PORT',
      'process.env',
    ],
    ['the environment read by name', 'environment', 'http/server.ts', `process['env'].PORT`, 'process['],
    ['the environment taken apart', 'environment', 'main.ts', 'const { env } = process', '{ env } = process'],
    [
      'the environment imported',
      'environment',
      'main.ts',
      `import { env } from 'node:process'`,
      `import { env } from 'node:process'`,
    ],
    ['an index that re-exports', 'file names', 'lib/index.ts', '', 'index.ts'],
    ['a file called utils', 'file names', 'lib/utils.ts', '', 'utils.ts'],
    ['a folder called common', 'file names', 'lib/common/time.ts', '', 'common'],
    ['a file of 301 lines', 'length', 'lib/long.ts', '// line\n'.repeat(300), '301 lines'],
    ['a test as a source', 'tests', 'features/late/list.ts', `import './late.test.ts'`],
    ['something outside of the sources', 'tests', 'main.ts', `import '../test/app.ts'`],
  ]
  for (const [what, rule, file, text, found] of planted) {
    it(`find ${what}`, () => {
      const target = found ?? importsOf(file, text)[0]!
      const expected = `${rule}: ${file === 'features/lost/service.ts' ? 'features.ts' : file}: ${target}`
      const all = broken({ [file]: text })
      assert.ok(all.includes(expected), `${expected} is not in [${all.join(', ')}]`)
    })
  }

  it('find a feature in the list whose folder is gone', () => {
    const found = violations({ files: good, features: ['early', 'middle', 'late'] })
    assert.deepEqual(found, [{ rule: 'the list of features', file: 'features.ts', found: 'middle' }])
  })

  it('find an import of a feature further down once the order of the list changes', () => {
    const found = violations({ files: good, features: ['late', 'early'] })
    assert.deepEqual(new Set(found.map(({ rule }) => rule)), new Set(['between features']))
    assert.equal(found.length, 3)
  })

  it('find a cycle of three files once, and none where two ways lead to one file', () => {
    const found = broken({
      'lib/a.ts': `import './b.ts'`,
      'lib/b.ts': `import type { C } from './c.ts'`,
      'lib/c.ts': `import './a.ts'\nimport './time.ts'`,
      'lib/d.ts': `import './a.ts'\nimport './c.ts'`,
    })
    assert.deepEqual(found, ['cycles: lib/a.ts: lib/a.ts -> lib/b.ts -> lib/c.ts -> lib/a.ts'])
  })

  it('find a file that imports itself', () => {
    assert.deepEqual(broken({ 'lib/a.ts': `import './a.ts'` }), ['cycles: lib/a.ts: lib/a.ts -> lib/a.ts'])
  })

  it('let a file of 300 lines pass', () => {
    assert.deepEqual(broken({ 'lib/long.ts': '// line\n'.repeat(299) }), [])
  })

  it('let a test be longer', () => {
    assert.deepEqual(broken({ 'lib/long.test.ts': '// line\n'.repeat(500) }), [])
  })
})
