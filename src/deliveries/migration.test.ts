import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connectToNewDatabase, skipWithoutPostgres } from '../../test/databases.ts'
import { Connection } from '../db/connection.ts'
import { migrate } from '../db/migrate.ts'
import { migratePostgres } from '../db/migrate-postgres.ts'
import { fileName } from '../db/sqlite.ts'
import { migrations } from '../migrations.ts'

const before = migrations.filter(({ version }) => version < 16)
const step = migrations.filter(({ version }) => version <= 16)

/** Three accounts: with webhooks, of which one is off and one belongs to an inbox; with only one that is off; with none. */
const old = `
insert into accounts (id, name, created_at, updated_at) values (1, 'One', 1, 1), (2, 'Two', 1, 1), (3, 'Three', 1, 1);
insert into search_cursors (account_id, position) values (1, 90), (3, 5);
insert into webhook_cursors (account_id, position) values (1, 80), (2, 4);
insert into counters (account_id, name, value) values (1, 'webhooks', 7), (2, 'webhooks', 1);
insert into webhooks (account_id, id, inbox_id, url, name, subscriptions, active, disabled_reason, secret, since,
    failing_since, due_at, created_at, updated_at)
  values (1, 2, null, 'https://a.example/', 'A', '["message_created"]', 1, null, 'whsec_a', 10, 55, 66, 1, 2),
    (1, 3, null, 'https://b.example/', null, '["message_created"]', 0, 'too bad', 'whsec_b', 20, null, null, 3, 4);
insert into inboxes (account_id, id, name, channel_type, identifier, hmac_token, hmac_mandatory, webhook_url,
    created_at, updated_at)
  values (1, 9, 'API', 'api', 'inbox_1', 'hmac_1', 0, 'https://c.example/', 1, 1);
insert into webhooks (account_id, id, url, subscriptions, active, secret, since, created_at, updated_at)
  values (2, 1, 'https://d.example/', '[]', 0, 'whsec_d', 0, 1, 1);
insert into webhook_deliveries (account_id, webhook_id, position, event, conversation_id, open_in, state, due_at,
    finished_at, created_at)
  values (1, 2, 71, 'message_created', 5, null, 'succeeded', null, 9, 1),
    (1, 2, 72, 'message_created', 5, 5, 'running', 66, null, 1),
    (1, 2, 73, 'message_created', 5, 5, 'pending', null, null, 1);
insert into webhook_attempts (account_id, webhook_id, position, number, at, duration_ms, code, error, answer)
  values (1, 2, 71, 1, 8, 12, 200, null, 'ok');
`

const queries = {
  followers: 'select account_id, name, position from followers order by account_id, name',
  targets:
    'select account_id, id, sender, active, disabled_reason, failing_since, due_at from delivery_targets order by account_id, id',
  webhooks: `select account_id, id, target_id, inbox_id, url, name, length(secret) > 6 as has_secret from webhooks order by account_id, id`,
  deliveries: 'select target_id, position, order_key, state, due_at from deliveries order by position',
  attempts: 'select target_id, position, number, answer from delivery_attempts',
  counters: `select account_id, value from counters where name = 'delivery_targets' order by account_id`,
}

const target = {
  account_id: 1,
  sender: 'webhooks',
  active: 1,
  disabled_reason: null,
  failing_since: null,
  due_at: null,
}
const webhook = { account_id: 1, inbox_id: null, name: null }
const expected = {
  followers: [
    { account_id: 1, name: 'deliveries', position: 80 },
    { account_id: 1, name: 'search', position: 90 },
    { account_id: 3, name: 'search', position: 5 },
  ],
  targets: [
    { ...target, id: 2, failing_since: 55, due_at: 66 },
    { ...target, id: 3, active: 0, disabled_reason: 'too bad' },
    { ...target, id: 8 },
    { ...target, account_id: 2, id: 1, active: 0 },
  ],
  webhooks: [
    { ...webhook, id: 2, target_id: 2, url: 'https://a.example/', name: 'A' },
    { ...webhook, id: 3, target_id: 3, url: 'https://b.example/' },
    { ...webhook, id: 8, target_id: 8, url: 'https://c.example/', inbox_id: 9 },
    { ...webhook, account_id: 2, id: 1, target_id: 1, url: 'https://d.example/' },
  ],
  deliveries: [
    { target_id: 2, position: 71, order_key: null, state: 'succeeded', due_at: null },
    { target_id: 2, position: 72, order_key: 5, state: 'running', due_at: 66 },
    { target_id: 2, position: 73, order_key: 5, state: 'pending', due_at: null },
  ],
  attempts: [{ target_id: 2, position: 71, number: 1, answer: 'ok' }],
  counters: [
    { account_id: 1, value: 8 },
    { account_id: 2, value: 1 },
  ],
}

/** Runs all queries, and compares their rows. */
async function assertMigrated(run: (sql: string) => unknown[] | Promise<unknown[]>): Promise<void> {
  for (const [name, sql] of Object.entries(queries)) {
    const rows = (await run(sql)) as Record<string, unknown>[]
    for (const row of rows) {
      if (name === 'webhooks') assert.ok(row.has_secret, 'a webhook has no secret')
      delete row.has_secret
      for (const [key, value] of Object.entries(row))
        if (/^\d+$/.test(String(value))) row[key] = Number(value)
    }
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      expected[name as keyof typeof expected].map((row) => ({ ...row })),
      name,
    )
  }
}

describe('webhooks of a database from before deliveries were independent of them', () => {
  it('keep their state, their deliveries and their place in the log on SQLite', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ndoto-deliveries-'))
    const connection = new Connection(join(directory, fileName))
    migrate(connection, before)
    connection.execute(old)
    migrate(connection, step)
    await assertMigrated((sql) => connection.run(sql).rows)
    const { rows } = connection.run('select node from deliveries where node is not null')
    assert.deepEqual(
      rows.map((row) => ({ ...(row as object) })),
      [{ node: 0 }],
    )
    connection.close()
    rmSync(directory, { recursive: true })
  })

  it('keep them on PostgreSQL', { skip: skipWithoutPostgres }, async (t) => {
    const client = await connectToNewDatabase(t)
    await migratePostgres(client, before)
    await client.query(old)
    await migratePostgres(client, step)
    await assertMigrated(async (sql) => (await client.query(sql)).rows)
  })
})
