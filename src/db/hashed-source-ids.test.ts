import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import pg from 'pg'
import { createDatabase, skipWithoutPostgres } from '../../test/databases.ts'
import { migrations } from '../migrations.ts'
import { Connection } from './connection.ts'
import { migrate } from './migrate.ts'
import { migratePostgres } from './migrate-postgres.ts'
import { fileName, openSqlite } from './sqlite.ts'

const before = migrations.filter(({ version }) => version < 11)
const step = migrations.filter(({ version }) => version <= 11)
const secret = `src_${'aB3_-'.repeat(8)}xyz`
const names = [
  secret,
  'crm-7',
  secret.slice(0, -1),
  `${secret}0`,
  `src_${'+'.repeat(43)}`,
  `SRC_${'a'.repeat(43)}`,
]

/** Contacts as the version before has stored them. */
const old = `
insert into accounts (id, name, created_at, updated_at) values (1, 'Old', 1, 1);
insert into inboxes (account_id, id, name, channel_type, identifier, hmac_token, hmac_mandatory, created_at, updated_at)
  values (1, 1, 'API', 'api', 'inbox_1', 'hmac_1', 0, 1, 1);
insert into contacts (account_id, id, name, created_at, updated_at) values (1, 1, 'Ada', 1, 1);
${names
  .map(
    (name, index) => `
insert into contact_inboxes (account_id, inbox_id, source_id, contact_id, created_at) values (1, 1, '${name}', 1, ${index});
insert into conversations (account_id, id, inbox_id, contact_id, source_id, status, last_activity_at, created_at, updated_at)
  values (1, ${index + 1}, 1, 1, '${name}', 'open', 1, 1, 1);`,
  )
  .join('')}
`
const contactInboxes = 'select source_id, has_name, created_at from contact_inboxes order by created_at'
const conversations = 'select source_id from conversations order by id'
const secrets = 'select account_id, inbox_id, hash, contact_id, created_at from contact_secrets'

const hashed = hash('sha256', secret)
const expected = {
  contactInboxes: [hashed, ...names.slice(1)].map((source_id, created_at) => {
    return { source_id, has_name: created_at === 0 ? 0 : 1, created_at }
  }),
  conversations: [hashed, ...names.slice(1)].map((source_id) => ({ source_id })),
  secrets: [{ account_id: 1, inbox_id: 1, hash: hashed, contact_id: 1, created_at: 0 }],
}

describe('the secrets of a database from before they were hashed', () => {
  it('are hashed on SQLite, names are not, and no file has them any more', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ndoto-hashed-'))
    const connection = new Connection(join(directory, fileName))
    migrate(connection, before)
    connection.execute(old)
    connection.close()
    await openSqlite(directory, migrations).close()
    const after = new Connection(join(directory, fileName))
    assert.deepEqual(after.run(contactInboxes).rows, expected.contactInboxes)
    assert.deepEqual(after.run(conversations).rows, expected.conversations)
    assert.deepEqual(after.run(secrets).rows, expected.secrets)
    assert.deepEqual(after.run('pragma foreign_key_check').rows, [])
    after.close()
    for (const suffix of ['', '-wal']) {
      const file = join(directory, fileName + suffix)
      if (!existsSync(file)) continue
      // The longer name begins with it.
      const text = readFileSync(file, 'latin1').replaceAll(`${secret}0`, '')
      assert.ok(!text.includes(secret), file)
    }
    rmSync(directory, { recursive: true, force: true })
  })

  it('are hashed on PostgreSQL, and names are not', { skip: skipWithoutPostgres }, async () => {
    const { url, drop } = await createDatabase()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      await migratePostgres(client, before)
      await client.query(old)
      await migratePostgres(client, step)
      const rows = async (query: string) => {
        const { rows } = await client.query({ text: query, types: { getTypeParser: numbers } as never })
        return rows
      }
      assert.deepEqual(await rows(contactInboxes), expected.contactInboxes)
      assert.deepEqual(await rows(conversations), expected.conversations)
      assert.deepEqual(await rows(secrets), expected.secrets)
    } finally {
      await client.end()
      await drop()
    }
  })
})

function numbers(type: number): (text: string) => unknown {
  return [20, 21, 23].includes(type) ? Number : String
}
