import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { createDatabase, testDatabaseUrl } from '../../test/databases.ts'
import { migrations } from '../migrations.ts'
import { Connection } from './connection.ts'
import { migrate } from './migrate.ts'
import { migratePostgres } from './migrate-postgres.ts'

const older = migrations.filter(({ version }) => version < 12)
const day = 24 * 60 * 60 * 1000

/** What a database from before has: four users, of whom two are members of both accounts and two have not accepted. */
const rows = `
insert into accounts (id, name, created_at, updated_at) values (1, 'A', 1, 1), (2, 'B', 1, 1);
insert into users (id, email, name, password_hash, confirmed, created_at, updated_at) values
  (1, 'both@example.com', 'Both', 'hash', 1, 1, 1), (2, 'gone@example.com', 'Gone', 'hash', 1, 1, 1),
  (3, 'shared@example.com', 'Shared', 'none', 0, 1, 1), (4, 'invited@example.com', 'Invited', 'none', 0, 1, 1);
insert into account_users (account_id, user_id, role, created_at) values
  (1, 1, 'administrator', 1), (2, 1, 'agent', 1), (1, 3, 'agent', 1), (2, 3, 'administrator', 1), (2, 4, 'agent', 1);
insert into inboxes (account_id, id, name, channel_type, identifier, created_at, updated_at)
  values (2, 1, 'API', 'api', 'inbox_x', 1, 1);
insert into inbox_members (account_id, inbox_id, user_id, created_at) values (2, 1, 3, 1), (2, 1, 1, 1);
insert into access_tokens (id, user_id, name, token_hash, scopes, created_at) values
  (1, 1, 'both', 'hash1', 'admin', 1), (2, 2, 'gone', 'hash2', 'admin', 1);
insert into user_links (link_hash, user_id, purpose, expires_at, created_at) values
  ('one', 1, 'password', 9, 1), ('two', 3, 'invitation', 9, 1), ('three', 4, 'invitation', 9, 1);
insert into sessions (user_id, session_hash, created_at, last_used_at, expires_at) values
  (1, 'long', 1, 1, ${200 * day}), (1, 'short', 1, 1, ${20 * day});
`

describe('a database from before tokens belonged to memberships', () => {
  let query: (text: string) => Promise<unknown[]>
  let close: () => Promise<void>
  before(async () => {
    if (testDatabaseUrl) {
      const place = await createDatabase()
      const client = new pg.Client({ connectionString: place.url })
      await client.connect()
      await migratePostgres(client, older)
      await client.query(rows)
      for (const table of ['accounts', 'users', 'access_tokens']) {
        await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), 100)`)
      }
      await migratePostgres(client, migrations)
      query = async (text) => (await client.query(text)).rows.map((row) => Object.values(row).map(asNumber))
      close = async () => {
        await client.end()
        await place.drop()
      }
    } else {
      const directory = mkdtempSync(join(tmpdir(), 'ndoto-migrate-'))
      const connection = new Connection(join(directory, 'before.db'))
      migrate(connection, older)
      connection.execute(rows)
      migrate(connection, migrations)
      query = async (text) => connection.run(text).rows.map((row) => Object.values(row as object))
      close = async () => {
        connection.close()
        rmSync(directory, { recursive: true, force: true })
      }
    }
  })
  after(() => close())

  // The driver returns a bigint as text unless it is notified otherwise.
  const asNumber = (value: unknown) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value

  it('keeps each token good for all accounts of its user, and drops those of users who have left', async () => {
    assert.deepEqual(await query('select account_id, token_id, user_id from token_memberships order by 1'), [
      [1, 1, 1],
      [2, 1, 1],
    ])
    assert.deepEqual(await query('select name from access_tokens'), [['both']])
  })

  it('keeps how users sign in, and gives an invited user of two accounts a row in each', async () => {
    const users = await query(`select u.login, u.name, u.confirmed, m.account_id, m.role
      from users u left join account_users m on m.user_id = u.id order by u.login, m.account_id`)
    assert.deepEqual(users, [
      ['both@example.com', 'Both', 1, 1, 'administrator'],
      ['both@example.com', 'Both', 1, 2, 'agent'],
      ['gone@example.com', 'Gone', 1, null, null],
      ['invited to 1: shared@example.com', 'Shared', 0, 1, 'agent'],
      ['invited to 2: invited@example.com', 'Invited', 0, 2, 'agent'],
      ['invited to 2: shared@example.com', 'Shared', 0, 2, 'administrator'],
    ])
    const emails = await query('select distinct email from users order by email')
    assert.deepEqual(emails.flat(), [
      'both@example.com',
      'gone@example.com',
      'invited@example.com',
      'shared@example.com',
    ])
    const members = await query(
      `select u.login from inbox_members m join users u on u.id = m.user_id order by 1`,
    )
    assert.deepEqual(members.flat(), ['both@example.com', 'invited to 2: shared@example.com'])
  })

  it('makes nobody offline who has never chosen anything', async () => {
    assert.deepEqual(await query('select distinct availability from account_users'), [['online']])
  })

  it('ends links to set a password, whoever has them, and invitations of users who were shared', async () => {
    assert.deepEqual(await query('select link_hash, issued_in from user_links'), [['three', null]])
  })

  it('ends sessions 90 days after they began', async () => {
    assert.deepEqual(await query('select session_hash, expires_at from sessions order by 1'), [
      ['long', 1 + 90 * day],
      ['short', 20 * day],
    ])
  })
})
