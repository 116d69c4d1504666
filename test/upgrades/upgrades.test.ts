import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { newestVersion, rewrittenTables, upgradeOf } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { openSqlite } from '../../src/db/sqlite.ts'
import { removeOldCopies } from '../../src/db/upgrade-copies.ts'
import { readCsv } from '../../src/lib/csv.ts'
import { migrations } from '../../src/migrations.ts'
import { createDatabase, skipOnPostgres, skipWithoutPostgres } from '../databases.ts'
import {
  assertSound,
  assertSucceeded,
  atEnd,
  postMessage,
  program,
  readDatabase,
  runProgram,
  type Scope,
  type ServerProcess,
  skipWithoutCommands,
  startProgram,
  temporaryDirectory,
} from '../process.ts'

const versions = globSync('*.tgz', { cwd: import.meta.dirname }).map((file) => basename(file, '.tgz'))
const key = { NDOTO_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') }

/** Unpacks what make.ts has made with a version, and returns the folder of an engine in it. */
function unpack(scope: Scope, version: string, engine: 'sqlite' | 'postgres'): string {
  const folder = temporaryDirectory(scope)
  execFileSync('tar', ['-xzf', join(import.meta.dirname, `${version}.tgz`), '-C', folder])
  return join(folder, engine)
}

/** Asserts that the export of a server has everything that the old version exported. It may have more fields. */
async function assertExportsTheSame(folder: string, environment: Record<string, string> = {}): Promise<void> {
  const data = join(folder, 'data')
  assertSucceeded(await runProgram(['export', '--to', join(folder, 'after')], { data, environment }))
  const lines = (name: string, file: string) => readFileSync(join(folder, name, file), 'utf8').split('\n')
  const [before, after] = ['export', 'after'].map((name) =>
    lines(name, 'conversations.jsonl').map((line) => JSON.parse(line || 'null')),
  )
  assert.ok(before!.length > 10)
  assert.equal(after!.length, before!.length)
  for (const [index, line] of before!.entries()) assert.partialDeepStrictEqual(after![index], line)
  const [contacts, known] = await Promise.all(
    ['after', 'export'].map((name) => contactsOf(join(folder, name, 'contacts.csv'))),
  )
  assert.ok(known!.length > 2)
  assert.equal(contacts!.length, known!.length)
  for (const [index, contact] of known!.entries()) assert.partialDeepStrictEqual(contacts![index], contact)
  assert.deepEqual(readdirSync(join(folder, 'after', 'files')), readdirSync(join(folder, 'export', 'files')))
}

/** The contacts of an export, each with its fields by their names. */
async function contactsOf(path: string): Promise<Record<string, string>[]> {
  const records = await Array.fromAsync(readCsv(createReadStream(path)))
  const [{ fields: names } = { fields: [] }, ...rest] = records
  return rest.map(({ fields }) => Object.fromEntries(names.map((name, index) => [name, fields[index]!])))
}

/** Asserts that an agent and a customer of the old version can go on. */
async function assertWorks(server: ServerProcess, folder: string): Promise<void> {
  const { inbox_identifier, source_id } = JSON.parse(readFileSync(join(folder, 'customer.json'), 'utf8'))
  const path = `public/api/v1/inboxes/${inbox_identifier}/contacts/${source_id}/conversations`
  const response = await fetch(`${server.url}/${path}`)
  assert.equal(response.status, 200)
  assert.equal(((await response.json()) as { payload: unknown[] }).payload.length, 1)
  assert.equal((await postMessage(server, 'After the upgrade')).status, 201)
}

/** Returns the rows of all tables of an SQLite file. */
function rowsOf(file: string): Record<string, unknown[]> {
  return readDatabase(file, (database) => {
    const tables = database.prepare(`select name from pragma_table_list where type = 'table'`).all()
    const names = tables.map(({ name }) => String(name)).filter((name) => !name.startsWith('sqlite_'))
    return Object.fromEntries(names.map((name) => [name, database.prepare(`select * from "${name}"`).all()]))
  })
}

const formatOf = (file: string) =>
  Number(readDatabase(file, (database) => database.prepare('select max(version) v from migrations').get()!.v))

/** The first version's data, which needs an upgrade that rewrites data. */
const oldest = '0.0'

for (const version of versions) {
  describe(`A database of version ${version}`, () => {
    it('has the same export after the upgrade, and a copy from before it', {
      skip: skipOnPostgres || skipWithoutCommands('tar'),
    }, async (t) => {
      const folder = unpack(t, version, 'sqlite')
      const data = join(folder, 'data')
      const before = rowsOf(join(data, 'ndoto.db'))
      const upgrade = upgradeOf(migrations, formatOf(join(data, 'ndoto.db')))
      const server = await startProgram(t, { data })
      const copies = existsSync(join(data, 'backups')) ? readdirSync(join(data, 'backups')) : []
      assert.equal(copies.length, upgrade && rewrittenTables(upgrade).length > 0 ? 1 : 0)
      for (const copy of copies) assert.deepEqual(rowsOf(join(data, 'backups', copy, 'ndoto.db')), before)
      await assertExportsTheSame(folder)
      await assertWorks(server, folder)
      server.kill()
      await server.ended
      assertSound(join(data, 'ndoto.db'))
    })

    it('has the same export after the upgrade on PostgreSQL', {
      skip: skipWithoutPostgres || skipWithoutCommands('tar', 'psql'),
    }, async (t) => {
      const folder = unpack(t, version, 'postgres')
      const data = join(folder, 'data')
      const url = await restore(t, folder)
      const settings = { DATABASE_URL: url, ...key, NDOTO_BACKED_UP_FORMAT: storedFormat(url) }
      const server = await startProgram(t, { data, environment: settings })
      await assertExportsTheSame(folder, settings)
      await assertWorks(server, folder)
    })
  })
}

/** Restores the dump of PostgreSQL into a new database, and returns its URL. */
async function restore(t: Scope, folder: string): Promise<string> {
  const { url, drop } = await createDatabase()
  atEnd(t, drop)
  const dump = `--file=${join(folder, 'database.sql')}`
  execFileSync('psql', ['--quiet', '--set=ON_ERROR_STOP=1', dump, url], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return url
}

/** Returns the format of a PostgreSQL database. */
function storedFormat(url: string): string {
  const query = ['-Atc', 'select max(version) from migrations', url]
  return execFileSync('psql', query, { encoding: 'utf8' }).trim()
}

describe('An upgrade that rewrites data', { skip: skipWithoutCommands('tar') }, () => {
  it('is announced by doctor, with its steps, its tables and its copy', {
    skip: skipOnPostgres,
  }, async (t) => {
    const data = join(unpack(t, oldest, 'sqlite'), 'data')
    const { code, stdout } = await runProgram(['doctor'], { data })
    assert.equal(code, 0)
    assert.match(
      stdout,
      /^· database format 20: the next start migrates it to \d+ \(lists, search, visits.*\)/m,
    )
    assert.match(stdout, /rewrites data in search_documents, search_index_data.*: 0\.\d MiB, a few seconds$/m)
    assert.match(stdout, /^· before that, it copies the database to .+backups: 0\.\d MiB, a few seconds$/m)
  })

  it('leaves a copy that the previous version can be started with', { skip: skipOnPostgres }, async (t) => {
    const data = join(unpack(t, oldest, 'sqlite'), 'data')
    const server = await startProgram(t, { data })
    assert.match(server.output(), /Copying the database .+\nUpgrading the database from format 20 to \d+/)
    server.kill()
    await server.ended
    const [copy] = readdirSync(join(data, 'backups'))
    assert.match(copy!, /^format-20-\d{4}-/)
    const file = join(data, 'backups', copy!, 'ndoto.db')
    assert.equal(formatOf(file), 20)
    assertSound(file)
    const { stdout } = await runProgram(['doctor'], { data })
    assert.match(stdout, /backups.format-20-\S+ is a copy from before an upgrade, in format 20/)
    // A later start has nothing to copy.
    const again = await startProgram(t, { data })
    assert.doesNotMatch(again.output(), /Copying|Upgrading/)
    assert.deepEqual(readdirSync(join(data, 'backups')), [copy])
    const old = new Date(Date.now() - 31 * 86_400_000)
    utimesSync(file, old, old)
    assert.deepEqual(removeOldCopies(data, Date.now() - 32 * 86_400_000), [])
    assert.deepEqual(removeOldCopies(data, Date.now() - 30 * 86_400_000), [join(data, 'backups', copy!)])
    assert.deepEqual(readdirSync(join(data, 'backups')), [])
  })

  it('makes no copy of a database that is backed up already', { skip: skipOnPostgres }, async (t) => {
    const data = join(unpack(t, oldest, 'sqlite'), 'data')
    const environment = { NDOTO_BACKED_UP_FORMAT: '20' }
    const { stdout } = await runProgram(['doctor'], { data, environment })
    assert.match(stdout, /^✓ you have confirmed a backup of format 20/m)
    await startProgram(t, { data, environment })
    assert.equal(existsSync(join(data, 'backups')), false)
  })

  const skipMount = process.getuid?.() === 0 ? skipWithoutCommands('unshare') : 'only root can mount a disk'
  it('is refused if the disk has no room for the copy', { skip: skipOnPostgres || skipMount }, async (t) => {
    const data = join(unpack(t, oldest, 'sqlite'), 'data')
    const disk = join(temporaryDirectory(t), 'disk')
    mkdirSync(disk)
    const size = Math.round(statSync(join(data, 'ndoto.db')).size * 1.6)
    const script = `mount -t tmpfs -o size=${size} tmpfs ${disk} && cp -r ${data}/. ${disk}/ && cd ${disk}`
    const run = (command: string) =>
      runProgram([], {
        data: disk,
        cwd: '/',
        command: [
          'unshare',
          '--mount',
          'sh',
          '-c',
          `${script}; "$0" "$1" ${command}; code=$?; ls ${disk} >&2; exit $code`,
          process.execPath,
          program,
        ],
      })
    const started = await run('start')
    assert.equal(started.code, 1)
    assert.match(
      started.stderr,
      /database is copied to .+backups first\. That takes .+ are free\. Nothing was changed/,
    )
    assert.doesNotMatch(started.stderr, /^backups$/m)
    const doctor = await run('doctor')
    assert.match(doctor.stdout, /^✗ before that, it copies the database .+but only .+ are free/m)
  })

  it('on PostgreSQL is refused until a backup is confirmed, and changes nothing', {
    skip: skipWithoutPostgres || skipWithoutCommands('psql'),
  }, async (t) => {
    const folder = unpack(t, oldest, 'postgres')
    const data = join(folder, 'data')
    const DATABASE_URL = await restore(t, folder)
    const environment = { DATABASE_URL, ...key }
    for (const format of ['', '19']) {
      const wrong = { ...environment, NDOTO_BACKED_UP_FORMAT: format }
      const { code, stderr } = await runProgram(['start'], { data, environment: wrong })
      assert.equal(code, 1)
      assert.match(
        stderr,
        /rewrites data in the tables search_documents.+pg_dump.+NDOTO_BACKED_UP_FORMAT=20\.$/m,
      )
      assert.equal(storedFormat(DATABASE_URL), '20')
    }
    const doctor = await runProgram(['doctor'], { data, environment })
    assert.match(doctor.stdout, /^✗ it starts only if you confirm that you have a backup\n.+FORMAT=20$/m)
    const confirmed = { ...environment, NDOTO_BACKED_UP_FORMAT: '20' }
    await startProgram(t, { data, environment: confirmed })
    assert.equal(storedFormat(DATABASE_URL), String(newestVersion(migrations)))
  })
})

describe('An upgrade that rewrites nothing', { skip: skipOnPostgres }, () => {
  it('makes no copy', async (t) => {
    const data = join(unpack(t, oldest, 'sqlite'), 'data')
    const upTo = (version: number) => migrations.filter((one) => one.version <= version)
    await openSqlite(data, upTo(22)).close()
    const sentences: string[] = []
    const config = { databaseUrl: undefined, dataDir: data, readThreads: 0, backedUpFormat: undefined }
    await (await openDatabase(config, upTo(24), (sentence) => sentences.push(sentence))).close()
    assert.deepEqual(sentences, ['Upgrading the database from format 22 to 24 ...'])
    assert.equal(existsSync(join(data, 'backups')), false)
  })
})
