import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { describe, it } from 'node:test'
import pg from 'pg'
import { createDatabase, skipWithoutPostgres } from '../databases.ts'
import { listen, startTcpServer } from '../local-servers.ts'
import { skipWithoutInitdb, startPostgresServer } from '../postgres-server.ts'
import { assertNoStack, atEnd, runProgram, type Scope, temporaryDirectory } from '../process.ts'

/** Asserts that a start on this database ends with 1 and one line that matches `sentence`, without the password. */
async function assertStartFails(t: Scope, url: string, sentence: RegExp): Promise<void> {
  const { code, stdout, stderr } = await runProgram(['start'], {
    data: temporaryDirectory(t),
    environment: { DATABASE_URL: url },
  })
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr)
  assert.match(stderr, sentence)
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
  assert.doesNotMatch(stderr, /sesame/)
  assertNoStack(stderr)
}

describe('A start explains what to do if the server', { skip: skipWithoutPostgres }, () => {
  it('does not listen, or its host name does not exist', async (t) => {
    await assertStartFails(
      t,
      'postgres://u:sesame@127.0.0.1:1/x',
      /^Nothing listens at 127\.0\.0\.1:1\. Start/,
    )
    await assertStartFails(
      t,
      'postgres://u:sesame@nowhere.invalid/x',
      /^The host "nowhere\.invalid" .+ cannot be resolved/,
    )
  })

  it('is starting up', async (t) => {
    const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0'
    const size = Buffer.alloc(4)
    size.writeInt32BE(fields.length + 4)
    const { port } = await startTcpServer(Buffer.concat([Buffer.from('E'), size, Buffer.from(fields)]))
    await assertStartFails(
      t,
      `postgres://u:sesame@127.0.0.1:${port}/x`,
      /is starting or stopping\. Try again/,
    )
  })

  it('does not respond in time', async (t) => {
    const { port } = await listen(createServer(() => {}))
    await assertStartFails(
      t,
      `postgres://u:sesame@127.0.0.1:${port}/x?connect_timeout=1`,
      /does not respond in time/,
    )
  })
})

describe('A start on a server that', { skip: skipWithoutInitdb }, () => {
  it('refuses the password, user, database, TLS or tables, or is too old, explains what to do', async (t) => {
    const server = await startPostgresServer(t)
    const outside = new pg.Client({ connectionString: server.url })
    outside.on('error', () => {})
    await outside.connect()
    const { hba_file } = (await outside.query('show hba_file')).rows[0]
    writeFileSync(
      hba_file,
      `host all locked 127.0.0.1/32 scram-sha-256\nhost all outsider 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 trust\n`,
    )
    await outside.query(
      `create role locked login password 'right'; create role poor login; create role outsider login`,
    )
    await outside.query('revoke create on schema public from public')
    await outside.query(
      `create database latin encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`,
    )
    await outside.query('select pg_reload_conf()')
    const url = (user: string, rest = '/postgres') => {
      const { port } = new URL(server.url)
      return `postgres://${user}@127.0.0.1:${port}${rest}`
    }
    await assertStartFails(t, url('locked:sesame'), /rejects the password of locked\. Correct USER:PASSWORD/)
    await assertStartFails(t, url('locked'), /requires a password for locked, but DATABASE_URL has none/)
    await assertStartFails(t, url('outsider'), /outsider.+pg_hba\.conf/)
    await assertStartFails(t, url('postgres', '/none'), /has no database "none"\. Create it with `createdb/)
    await assertStartFails(t, url('postgres', '/postgres?sslmode=verify-full'), /does not support TLS/)
    await assertStartFails(
      t,
      url('poor'),
      /poor does not have the rights that Ndoto needs in "postgres"\. Make them its owner/,
    )
    await assertStartFails(t, url('postgres', '/latin'), /has the encoding LATIN1, but Ndoto requires UTF8/)
    // A proxy to the real server that changes its version.
    const { server_version_num } = (await outside.query('show server_version_num')).rows[0]
    const target = Number(new URL(server.url).port)
    const { port } = await listen(
      createServer((near) => {
        const far = connect(target, '127.0.0.1')
        near.on('error', () => {}).on('close', () => far.destroy())
        far.on('error', () => {}).on('close', () => near.destroy())
        near.pipe(far)
        far.on('data', (chunk) => {
          const text = chunk.toString('latin1').replaceAll(server_version_num, '130099')
          near.write(Buffer.from(text, 'latin1'))
        })
      }),
    )
    await assertStartFails(
      t,
      `postgres://postgres@127.0.0.1:${port}/postgres`,
      /but Ndoto requires 14 or newer\. Upgrade it\.$/m,
    )
    await outside.end()
  })
})

describe('A start through a pooler', { skip: skipWithoutInitdb }, () => {
  it('fails if the pooler leads to another database, or is configured as the server itself', async (t) => {
    const { url, drop } = await createDatabase()
    atEnd(t, drop)
    const server = await startPostgresServer(t)
    const outside = new pg.Client({ connectionString: server.url })
    await outside.connect()
    await outside.query(`create database ${new URL(url).pathname.slice(1)}`)
    await outside.end()
    await assertStartFails(
      t,
      `${url}?pooler=${new URL(server.url).host}`,
      /^The pooler .+ connects to another database/,
    )
    // The error of PgBouncer.
    const fields = 'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0'
    const size = Buffer.alloc(4)
    size.writeInt32BE(fields.length + 4)
    const { port } = await startTcpServer(Buffer.concat([Buffer.from('E'), size, Buffer.from(fields)]))
    await assertStartFails(
      t,
      `postgres://u:sesame@127.0.0.1:${port}/x`,
      /is a connection pooler .+ Use the server itself/,
    )
  })
})

describe('ndoto doctor on PostgreSQL', { skip: skipWithoutInitdb }, () => {
  const doctor = (t: Scope, url: string) =>
    runProgram(['doctor'], { data: temporaryDirectory(t), environment: { DATABASE_URL: url, PORT: '1' } })

  it('finds no problem with a good server, and reports the problems of others', async (t) => {
    const server = await startPostgresServer(t, ['max_connections=20'])
    const good = await doctor(t, server.url)
    assert.equal(good.code, 0, good.stdout + good.stderr)
    assert.match(good.stdout, /^✓ PostgreSQL 1\d.+ is reachable, UTF8/m)
    assert.match(good.stdout, /^· the database is empty$/m)
    assert.match(
      good.stdout,
      /^✓ files of messages are stored in .+, which all servers on this database must share$/m,
    )
    assert.match(good.stdout, /^✓ max_connections 20 is enough for 1 servers$/m)
    const pooler = new URL(server.url).host
    // The server itself as a pooler: a statement that was prepared on one connection is unknown on another.
    const pooled = await doctor(t, `${server.url}?pooler=${pooler}`)
    assert.equal(pooled.code, 1, pooled.stdout + pooled.stderr)
    assert.match(pooled.stdout, /^✓ the pooler at .+ is reachable$/m)
    assert.match(
      pooled.stdout,
      /^✗ the pooler does not support prepared statements.+\n {2}→ set max_prepared/m,
    )
    const settings = { statement_timeout: '6s', idle_in_transaction_session_timeout: '5s', jit: 'off' }
    const outside = new pg.Client({ connectionString: server.url })
    await outside.connect()
    for (const [name, value] of Object.entries(settings)) {
      assert.match(pooled.stdout, new RegExp(`^· connections through the pooler .+ ${name}`, 'm'))
      await outside.query(`alter role postgres set ${name} = '${value}'`)
    }
    await outside.end()
    const set = await doctor(t, `${server.url}?pooler=${pooler}`)
    assert.match(set.stdout, /^· connections through the pooler have wrong values of: enable_seqscan$/m)
    const wrong = await doctor(t, `${server.url}?pool_size=30&options=-c%20synchronous_commit%3Doff`)
    assert.equal(wrong.code, 1, wrong.stdout + wrong.stderr)
    assert.match(wrong.stdout, /^✗ synchronous_commit is off.+\n {2}→ alter system/m)
    assert.match(
      wrong.stdout,
      /^✗ an Ndoto server opens 31 connections, but max_connections is 20\n {2}→ lower/m,
    )
    const gone = await doctor(t, 'postgres://u:sesame@127.0.0.1:1/x')
    assert.equal(gone.code, 1)
    assert.match(gone.stdout, /^✗ Nothing listens at 127\.0\.0\.1:1\./m)
    assert.doesNotMatch(gone.stdout, /sesame/)
  })
})
