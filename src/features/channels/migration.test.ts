import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connectToNewDatabase, skipWithoutPostgres } from '../../../test/databases.ts'
import { Connection } from '../../db/connection.ts'
import { migrate } from '../../db/migrate.ts'
import { migratePostgres } from '../../db/migrate-postgres.ts'
import { fileName } from '../../db/sqlite.ts'
import { migrations } from '../../migrations.ts'
import { migrations as own } from './migrations.ts'

const version = own[0]!.version
const before = migrations.filter((one) => one.version < version)
const widget = JSON.stringify({ color: '#AA0000', title: null, allowed_origins: ['file:'] })

/** Inboxes with everything that refers to them, as the version before has stored them. */
const old = `
insert into accounts (id, name, created_at, updated_at) values (1, 'Old', 1, 1);
insert into inboxes (account_id, id, name, channel_type, identifier, webhook_url, website_url, widget, hmac_token, created_at, updated_at) values
  (1, 1, 'API', 'api', 'inbox_1', 'https://example.com/', null, null, 'hmac_1', 1, 1),
  (1, 2, 'Web', 'web_widget', 'inbox_2', null, 'https://shop.example', '${widget}', 'hmac_2', 1, 1),
  (1, 3, 'Empty', 'web_widget', 'inbox_3', null, null, null, 'hmac_3', 1, 1);
insert into contacts (account_id, id, name, created_at, updated_at) values (1, 1, 'Ada', 1, 1);
insert into contact_inboxes (account_id, inbox_id, source_id, contact_id, created_at, has_name) values (1, 2, 'ada', 1, 1, 1);
insert into conversations (account_id, id, inbox_id, contact_id, source_id, status, last_activity_at, created_at, updated_at)
  values (1, 1, 2, 1, 'ada', 'open', 1, 1, 1);
`
const inboxes = 'select id, channel_type, hmac_token, settings from inboxes order by id'
const newType = `insert into inboxes (account_id, id, name, channel_type, identifier, created_at, updated_at)
  values (1, 4, 'Fax', 'fax', 'inbox_4', 1, 1)`
const expected = [
  { id: 1, channel_type: 'api', hmac_token: 'hmac_1', settings: { webhook_url: 'https://example.com/' } },
  {
    id: 2,
    channel_type: 'web_widget',
    hmac_token: 'hmac_2',
    settings: {
      website_url: 'https://shop.example',
      widget: { color: '#AA0000', allowed_origins: ['file:'] },
    },
  },
  { id: 3, channel_type: 'web_widget', hmac_token: 'hmac_3', settings: {} },
]

function parsed(rows: unknown[]) {
  return (rows as { id: number; settings: string }[]).map((row) => ({
    ...row,
    id: Number(row.id),
    settings: JSON.parse(row.settings),
  }))
}

describe('the inboxes of a database from before channels had settings', () => {
  it('keep their settings and what refers to them, and may be of any channel, on SQLite', (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'ndoto-channels-'))
    t.after(() => rmSync(directory, { recursive: true, force: true }))
    const connection = new Connection(join(directory, fileName))
    t.after(() => connection.close())
    migrate(connection, before)
    connection.execute(old)
    const keys = () => connection.run(`select * from pragma_foreign_key_list('contact_inboxes')`).rows
    const indexes = () =>
      connection.run(`select name from pragma_index_list('inboxes') where name not like 'inboxes_channel'`)
        .rows
    const [keysBefore, indexesBefore] = [keys(), indexes()]
    migrate(connection, migrations)
    assert.deepEqual(parsed(connection.run(inboxes).rows), expected)
    connection.execute(newType)
    assert.deepEqual([keys(), indexes()], [keysBefore, indexesBefore])
    assert.deepEqual(connection.run('pragma foreign_key_check').rows, [])
    assert.throws(() => connection.execute('delete from inboxes where id = 2'), /FOREIGN KEY/)
  })

  it('keep them on PostgreSQL', { skip: skipWithoutPostgres }, async (t) => {
    const client = await connectToNewDatabase(t)
    await migratePostgres(client, before)
    await client.query(old)
    await migratePostgres(client, migrations)
    assert.deepEqual(parsed((await client.query(inboxes)).rows), expected)
    await client.query(newType)
  })
})
