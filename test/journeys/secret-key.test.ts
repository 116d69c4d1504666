import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { secretColumns, startApp } from '../../src/app.ts'
import { type Config, ConfigError } from '../../src/config.ts'
import type { Database } from '../../src/db/database.ts'
import { openDatabaseAlongside } from '../../src/db/open.ts'
import { rotateSecretKey } from '../../src/key-rotation.ts'
import { keyFile, nextKeyFile, previousKeyFile, randomKey } from '../../src/lib/key-file.ts'
import { migrations } from '../../src/migrations.ts'
import { openSecretBox } from '../../src/secret-key.ts'
import { assertRefused, sendMessage, type TestApp } from '../app.ts'
import { runCommand } from '../commands.ts'
import { skipWithoutPostgres } from '../databases.ts'
import { eventually } from '../eventually.ts'
import { startNode } from '../nodes.ts'
import { assertFailed, assertSucceeded, runProgram, temporaryDirectory } from '../process.ts'
import { addWebhook, deliveriesOf, type Receiver, startReceiver, startWebhookApp } from '../webhooks.ts'

/** A server with a webhook, whose secret was rotated once, and an inbox. */
interface Sample {
  test: TestApp
  receiver: Receiver
  webhookId: number
  /** The current and the previous one. */
  secrets: [string, string]
  inbox: { id: number; inbox_identifier: string; hmac_token: string }
  /** Everything that must not be readable. */
  all: string[]
}

async function startSample(
  t: { after(clean: () => unknown): void },
  environment: Record<string, string> = {},
): Promise<Sample> {
  const receiver = await startReceiver()
  const test = await startWebhookApp({}, environment)
  t.after(() => test.close())
  const { id: webhookId, secret: old } = await addWebhook(test, receiver.url)
  const { secret } = (await test.api(`/webhooks/${webhookId}/rotate_secret`, { method: 'POST' })).body
  const channel = { type: 'api', webhook_url: receiver.url, hmac_mandatory: true }
  const inbox = (await test.api('/inboxes', { method: 'POST', body: { name: 'Keyed', channel } })).body
  const all = [secret, old, inbox.hmac_token]
  return { test, receiver, webhookId, secrets: [secret, old], inbox, all }
}

/** Asserts that the webhook is signed with both secrets, and that a proof of identity is accepted. */
async function assertWorks({ test, receiver, secrets, inbox }: Sample): Promise<void> {
  const { content } = await sendMessage(test, `signed ${receiver.received.length}`)
  const received = await eventually(() => receiver.received.find(({ body }) => body.content === content))
  const { text, headers } = received
  for (const secret of secrets) new Webhook(secret).verify(text, headers as never)
  assert.equal((await prove(test, inbox)).status, 200)
  assert.equal((await test.api(`/inboxes/${inbox.id}`)).body.hmac_token, inbox.hmac_token)
}

function prove(test: TestApp, { inbox_identifier, hmac_token }: Sample['inbox']) {
  const identifier_hash = createHmac('sha256', hmac_token).update('ada').digest('hex')
  const path = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
  return test.api(path, { method: 'POST', token: null, body: { identifier: 'ada', identifier_hash } })
}

/** Runs `work` on the database of a stopped server. */
async function withDatabase<T>({ config }: TestApp, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabaseAlongside(config, migrations)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Returns every row of the tables with secrets and, on SQLite, the bytes of the database's files. */
function readStored(test: TestApp): Promise<string> {
  return withDatabase(test, async ({ read }) => {
    const rows = await Promise.all(
      (['webhooks', 'inboxes', 'events'] as const).map((table) =>
        read.sql.selectFrom(table).selectAll().execute(),
      ),
    )
    const { dataDir } = test.config
    const files = readdirSync(dataDir).filter((name) => name.startsWith('ndoto.db'))
    return [JSON.stringify(rows), ...files.map((name) => readFileSync(join(dataDir, name), 'latin1'))].join(
      '\n',
    )
  })
}

async function assertUnreadable(test: TestApp, secrets: string[]): Promise<void> {
  const stored = await readStored(test)
  for (const secret of secrets) assert.ok(!stored.includes(secret), `${secret} is readable`)
}

/** The key of the secrets as `test`'s server finds it. */
const keyOf = ({ config: { dataDir } }: TestApp) => readFileSync(join(dataDir, keyFile), 'utf8').trim()

const moreInboxes = 450

/** Makes the database of a stopped server one from before secrets were encrypted. Returns all its secrets. */
async function decryptAll({ test, webhookId, secrets, inbox }: Sample): Promise<string[]> {
  const tokens = Array.from({ length: moreInboxes }, (_, index) => `hmac_clear-${index}-${'x'.repeat(30)}`)
  await withDatabase(test, (database) =>
    database.transaction(1, async ({ sql: builder }) => {
      const [secret, previous_secret] = secrets
      await builder
        .updateTable('webhooks')
        .set({ secret, previous_secret })
        .where('id', '=', webhookId)
        .execute()
      await builder.updateTable('inboxes').set({ hmac_token: 'hmac_first' }).where('id', '=', 1).execute()
      const { hmac_token } = inbox
      await builder.updateTable('inboxes').set({ hmac_token }).where('id', '=', inbox.id).execute()
      for (const [index, token] of tokens.entries()) {
        const row = {
          account_id: 1,
          id: 1000 + index,
          name: 'Old',
          channel_type: 'api',
          hmac_mandatory: 0,
          settings: '{}',
        } as const
        const more = { identifier: `inbox_${index}`, hmac_token: token, created_at: 1, updated_at: 1 }
        await builder
          .insertInto('inboxes')
          .values({ ...row, ...more })
          .execute()
      }
      await builder.deleteFrom('secret_keys').execute()
    }),
  )
  rmSync(join(test.config.dataDir, keyFile))
  return [...secrets, inbox.hmac_token, 'hmac_first', ...tokens]
}

class Killed extends Error {}

/** A database of which the process is killed before its transaction with this number, counted from 0. */
function killedAt(database: Database, number: number): Database {
  let count = 0
  return new Proxy(database, {
    get(target, name) {
      if (name === 'transaction' && count++ === number) throw new Killed()
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Runs `work` and kills it before its first transaction, then before its second one, until it succeeds. */
async function killOften(test: TestApp, work: (database: Database) => Promise<unknown>): Promise<number> {
  for (let number = 0; ; number++) {
    try {
      await withDatabase(test, (database) => work(killedAt(database, number)))
      return number
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
}

async function assertDoesNotStart(config: Config, sentence: RegExp): Promise<void> {
  await assert.rejects(startApp({ ...config, port: 0 }), (error) => {
    assert.ok(error instanceof ConfigError, String(error))
    assert.match(error.message, sentence)
    return true
  })
}

describe('The secrets in the database', () => {
  it('are not readable in its rows and files, and the key is in a file that only its owner can read', async (t) => {
    const sample = await startSample(t)
    const { test, all } = sample
    await assertWorks(sample)
    await assertUnreadable(test, [...all, keyOf(test)])
    const path = join(test.config.dataDir, keyFile)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(Buffer.from(keyOf(test), 'base64').length, 32)
    await test.restart()
    await assertWorks(sample)
  })

  it('can be encrypted with a key of the settings, which is stored nowhere', async (t) => {
    const key = randomKey().toBase64()
    const sample = await startSample(t, { NDOTO_SECRET_KEY: key })
    await assertUnreadable(sample.test, [...sample.all, key])
    assert.ok(!existsSync(join(sample.test.config.dataDir, keyFile)))
    await sample.test.restart()
    await assertWorks(sample)
  })

  it('from before they were encrypted are encrypted by the next start', async (t) => {
    const sample = await startSample(t)
    const { test } = sample
    await test.app.close()
    const all = await decryptAll(sample)
    const stored = await readStored(test)
    assert.ok(all.every((secret) => stored.includes(secret)))
    await test.restart()
    await assertUnreadable(test, all)
    await assertWorks(sample)
    await test.app.close()
    await assertUnreadable(test, all)
  })

  it('are encrypted completely, however often the start is killed', async (t) => {
    const sample = await startSample(t)
    const { test } = sample
    await test.app.close()
    const all = await decryptAll(sample)
    const kills = await killOften(test, (database) => openSecretBox(test.config, database, secretColumns))
    assert.ok(kills > 0)
    await assertUnreadable(test, all)
    await test.restart()
    await assertWorks(sample)
  })

  it('that were moved or changed are an error of their webhook and inbox alone, until they are replaced', async (t) => {
    const sample = await startSample(t)
    const { test, receiver, webhookId, inbox } = sample
    const other = await addWebhook(test, receiver.url)
    await test.app.database.transaction(1, async ({ sql: builder }) => {
      const secret = builder.selectFrom('webhooks').select('secret').where('id', '=', other.id)
      await builder.updateTable('webhooks').set({ secret }).where('id', '=', webhookId).execute()
      const hmac_token = builder.selectFrom('inboxes').select('hmac_token').where('id', '=', 1)
      await builder.updateTable('inboxes').set({ hmac_token }).where('id', '=', inbox.id).execute()
    })
    await sendMessage(test, 'for one of both')
    const [failed] = await eventually(async () => {
      const deliveries = await deliveriesOf(test, webhookId)
      return deliveries[0]?.attempts.length > 0 && deliveries
    })
    assert.equal(failed.attempts[0].error, 'secret')
    const { text, headers, body } = await eventually(() => receiver.received[0])
    assert.equal(body.content, 'for one of both')
    new Webhook(other.secret).verify(text, headers as never)
    assertRefused(await prove(test, inbox), 503, /cannot be decrypted: an administrator has to replace it/)
    const list = (await test.api('/inboxes')).body.payload
    assert.deepEqual(
      list.map((one: Sample['inbox']) => one.hmac_token === null),
      [false, true],
    )
    const { hmac_token } = (await test.api(`/inboxes/${inbox.id}/rotate_hmac_token`, { method: 'POST' })).body
    assert.equal((await prove(test, { ...inbox, hmac_token })).status, 200)
    const { secret } = (await test.api(`/webhooks/${webhookId}/rotate_secret`, { method: 'POST' })).body
    await sendMessage(test, 'for both')
    await eventually(() => {
      const own = receiver.received.filter((one) => one.body.content === 'for both')
      return own.some((one) => isSignedWith(secret, one))
    })
  })
})

function isSignedWith(secret: string, { text, headers }: Receiver['received'][number]): boolean {
  try {
    new Webhook(secret).verify(text, headers as never)
    return true
  } catch {
    return false
  }
}

describe('A server without the right key', () => {
  it('does not start, and says which key is missing', async (t) => {
    const { test } = await startSample(t)
    const { config } = test
    await test.app.close()
    const other = randomKey().toBase64()
    await assertDoesNotStart(
      { ...config, secretKey: other },
      /^NDOTO_SECRET_KEY is not the key .+ of the other servers/s,
    )
    const key = keyOf(test)
    rmSync(join(config.dataDir, keyFile))
    await assertDoesNotStart(config, /encrypted, but .+secret\.key.+ does not exist\. Copy secret\.key/s)
    assert.ok(!existsSync(join(config.dataDir, keyFile)), 'another key was created')
    const app = await startApp({ ...config, port: 0, secretKey: key })
    await app.close()
  })

  it('ends with 1 and a sentence', async (t) => {
    const { test } = await startSample(t)
    await test.app.close()
    const environment = {
      DATABASE_URL: test.config.databaseUrl ?? '',
      NDOTO_SECRET_KEY: randomKey().toBase64(),
    }
    const ended = await runProgram(['start'], { data: test.config.dataDir, environment })
    assertFailed(ended, /^NDOTO_SECRET_KEY is not the key/)
  })

  it('does not start on the database of other servers', { skip: skipWithoutPostgres }, async (t) => {
    const { test } = await startSample(t)
    const dataDir = temporaryDirectory(t)
    await assertDoesNotStart({ ...test.config, dataDir }, /encrypted, but .+secret\.key.+ does not exist/s)
    await startNode(t, { ...test, config: { ...test.config, dataDir, secretKey: keyOf(test) } })
  })
})

describe('ndoto rotate-key', () => {
  it('encrypts everything with a new key, and keeps the previous one for backups', async (t) => {
    const sample = await startSample(t)
    const { test, all } = sample
    const old = keyOf(test)
    await test.app.close()
    assertSucceeded(await runCommand(test, ['rotate-key']))
    assert.notEqual(keyOf(test), old)
    const { dataDir } = test.config
    assert.equal(readFileSync(join(dataDir, previousKeyFile), 'utf8').trim(), old)
    for (const name of [keyFile, previousKeyFile])
      assert.equal(statSync(join(dataDir, name)).mode & 0o777, 0o600)
    assert.ok(!existsSync(join(dataDir, nextKeyFile)))
    await assertUnreadable(test, [...all, keyOf(test)])
    await assertDoesNotStart({ ...test.config, secretKey: old }, /NDOTO_SECRET_KEY is not the key/)
    await test.restart()
    await assertWorks(sample)
  })

  it('changes from one setting to another, and says so if that is done already', async (t) => {
    const [old, next] = [randomKey().toBase64(), randomKey().toBase64()]
    const sample = await startSample(t, { NDOTO_SECRET_KEY: old })
    const { test } = sample
    await test.app.close()
    const rotate = (environment: Record<string, string>) =>
      runProgram(['rotate-key'], {
        data: test.config.dataDir,
        environment: { DATABASE_URL: test.config.databaseUrl ?? '', ...environment },
      })
    assertFailed(await rotate({ NDOTO_SECRET_KEY: old }), /^Set NDOTO_NEW_SECRET_KEY/)
    assertFailed(
      await rotate({ NDOTO_SECRET_KEY: next, NDOTO_NEW_SECRET_KEY: randomKey().toBase64() }),
      /NDOTO_SECRET_KEY must be the key/,
    )
    assertFailed(await rotate({ NDOTO_SECRET_KEY: old, NDOTO_NEW_SECRET_KEY: old }), /is the current key/)
    const keys = { NDOTO_SECRET_KEY: old, NDOTO_NEW_SECRET_KEY: next }
    for (const ended of [await rotate(keys), await rotate(keys)]) {
      assertSucceeded(ended)
      assert.match(ended.stdout, /Set NDOTO_SECRET_KEY to it on every server/)
    }
    assert.deepEqual(
      readdirSync(test.config.dataDir).filter((name) => name.includes('secret.key')),
      [],
    )
    const app = await startApp({ ...test.config, port: 0, secretKey: next })
    await app.close()
  })

  it('continues where it was killed, and no server starts before it has finished', async (t) => {
    const sample = await startSample(t)
    const { test } = sample
    await test.app.close()
    const all = await decryptAll(sample)
    await test.restart()
    await test.app.close()
    const old = keyOf(test)
    let refusals = 0
    const kills = await killOften(test, async (database) => {
      const rows = await database.read.sql.selectFrom('secret_keys').selectAll().execute()
      if (rows.length > 1) {
        await assertDoesNotStart(test.config, /is being changed\. Run "ndoto rotate-key"/)
        const other = { ...test.config, newSecretKey: randomKey().toBase64() }
        await assert.rejects(
          rotateSecretKey(other, database, secretColumns),
          /to another key was interrupted/,
        )
        refusals++
      }
      return rotateSecretKey(test.config, database, secretColumns)
    })
    assert.ok(kills > 3 && refusals > 1, `${kills} kills, ${refusals} refusals`)
    assert.notEqual(keyOf(test), old)
    await assertUnreadable(test, all)
    await test.restart()
    await assertWorks(sample)
  })

  it('is completed by the next start if it was killed before the files were renamed', async (t) => {
    const sample = await startSample(t)
    const { test } = sample
    const path = (name: string) => join(test.config.dataDir, name)
    const old = keyOf(test)
    for (const renamesBefore of [0, 1]) {
      await test.app.close()
      assertSucceeded(await runCommand(test, ['rotate-key']))
      const next = keyOf(test)
      renameSync(path(keyFile), path(nextKeyFile))
      if (renamesBefore === 0) renameSync(path(previousKeyFile), path(keyFile))
      await test.restart()
      assert.equal(keyOf(test), next)
      assert.deepEqual([existsSync(path(nextKeyFile)), existsSync(path(previousKeyFile))], [false, true])
      await assertWorks(sample)
    }
    assert.notEqual(keyOf(test), old)
  })

  it('leaves what it cannot decrypt, names it, and changes the rest', async (t) => {
    const sample = await startSample(t)
    const { test, webhookId } = sample
    const broken = await addWebhook(test, sample.receiver.url)
    await test.app.close()
    await withDatabase(test, (database) =>
      database.transaction(1, async ({ sql: builder }) => {
        const secret = builder.selectFrom('webhooks').select('secret').where('id', '=', webhookId)
        await builder.updateTable('webhooks').set({ secret }).where('id', '=', broken.id).execute()
      }),
    )
    const { code, stderr } = await runCommand(test, ['rotate-key'])
    assert.equal(code, 1)
    assert.match(stderr, new RegExp(`Replace them:\nwebhooks\\.secret of row 1, ${broken.id}\n$`))
    await test.restart()
    await assertWorks(sample)
  })

  it('abandons the secrets if their key is lost, and lists what to replace', async (t) => {
    const sample = await startSample(t)
    const { test, webhookId, inbox } = sample
    await test.app.close()
    rmSync(join(test.config.dataDir, keyFile))
    assertFailed(await runCommand(test, ['rotate-key']), /secret\.key in .+ must be the key/)
    const { code, stderr } = await runCommand(test, ['rotate-key', '--lost'])
    assert.equal(code, 1)
    assert.ok(stderr.includes(`inboxes.hmac_token of row 1, ${inbox.id}\n`), stderr)
    assert.ok(stderr.includes(`webhooks.secret of row 1, ${webhookId}\n`), stderr)
    await test.restart()
    const { hmac_token } = (await test.api(`/inboxes/${inbox.id}/rotate_hmac_token`, { method: 'POST' })).body
    assert.equal((await prove(test, { ...inbox, hmac_token })).status, 200)
  })

  it('does not run while a server runs', async (t) => {
    const sample = await startSample(t)
    const { test } = sample
    // On PostgreSQL the connection that listens has the lock.
    await eventually(async () => {
      if (test.config.databaseUrl === undefined) return true
      const locks = sql<{ count: number }>`select count(*) as count from pg_locks
        where locktype = 'advisory' and mode = 'ShareLock' and classid = 7364002
          and database = (select oid from pg_database where datname = current_database())`
      const { rows } = await locks.execute(test.app.database.read.sql)
      return rows[0]!.count > 0
    })
    const old = keyOf(test)
    assertFailed(await runCommand(test, ['rotate-key']), /in use by another Ndoto|Servers are running/)
    assert.equal(keyOf(test), old)
    await assertWorks(sample)
  })
})
