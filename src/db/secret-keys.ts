import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import { describePlace, type SecretPlace, sealedPrefix } from '../lib/secret-box.ts'
import type { Connection } from './connection.ts'
import type { Database, Queries } from './database.ts'
import type { SecretKeyRow, Tables } from './tables.ts'

/** A column whose texts are secrets, or that contains JSON with secrets, and the primary key of its table. */
export interface SecretColumn {
  table: keyof Tables
  column: string
  key: readonly string[]
  /** Whether it is JSON, in which the sealed texts are secrets. Otherwise the whole text is one. */
  isJson?: boolean
}

/** Returns the keys of the database: none at first, one, or during a rotation two, the older one first. */
export function selectSecretKeys(queries: Queries): Promise<SecretKeyRow[]> {
  return queries.sql.selectFrom('secret_keys').selectAll().orderBy('created_at').execute()
}

const allKeys = 'select * from secret_keys order by created_at'

/** Reads the keys of an SQLite database that may be older than they are. */
export function readSecretKeys(connection: Connection): SecretKeyRow[] {
  const { rows: tables } = connection.run(`select 1 from sqlite_schema where name = 'secret_keys'`)
  return tables.length === 0 ? [] : (connection.run(allKeys).rows as SecretKeyRow[])
}

/** Reads the keys of a PostgreSQL database that may be older than they are. */
export async function readSecretKeysOnPostgres(client: ClientBase): Promise<SecretKeyRow[]> {
  const { rows } = await client.query(`select to_regclass('secret_keys') is not null as found`)
  return rows[0].found ? (await client.query(allKeys)).rows : []
}

export async function insertSecretKey(tx: Queries, fingerprint: string): Promise<void> {
  const [newest] = (await selectSecretKeys(tx)).slice(-1)
  // The order of the keys must not depend on a clock that was set back.
  const created_at = Math.max(Date.now(), (newest?.created_at ?? 0) + 1)
  await tx.sql.insertInto('secret_keys').values({ fingerprint, created_at, sealed_at: null }).execute()
}

/** Records that all secrets are sealed with this key, so that no other key is needed any more. */
export async function completeSecretKey(tx: Queries, fingerprint: string): Promise<void> {
  await tx.sql.deleteFrom('secret_keys').where('fingerprint', '<>', fingerprint).execute()
  const key = tx.sql.updateTable('secret_keys').set({ sealed_at: Date.now() })
  await key.where('fingerprint', '=', fingerprint).execute()
}

/** Returns a secret sealed with the new key, or undefined if it cannot be opened. */
export type Reseal = (text: string, place: SecretPlace) => string | undefined

const rowsPerStep = 200

/**
 * Replaces each secret in `columns` that is not sealed with the key of id `keyId` yet. Works in bounded steps, and can
 * be interrupted and repeated at any point. Returns descriptions of the secrets that `reseal` could not open. They stay
 * as they are.
 */
export async function resealAll(
  database: Database,
  columns: readonly SecretColumn[],
  keyId: string,
  reseal: Reseal,
): Promise<string[]> {
  const unreadable: string[] = []
  for (const column of columns) {
    let rows = await selectRows(database.read, column, keyId)
    while (rows.length > 0) {
      const step = rows
      const failed = await database.transaction(null, (tx) => resealRows(tx, column, step, reseal))
      unreadable.push(...failed.map(describePlace))
      rows = await selectRows(database.read, column, keyId, step.at(-1))
    }
  }
  return unreadable
}

interface Row {
  key: (string | number)[]
  text: string
}

/** Returns the next rows after `last`, in the order of their keys, whose secret may not be sealed with the key yet. */
async function selectRows(
  queries: Queries,
  { table, column, key, isJson }: SecretColumn,
  keyId: string,
  last?: Row,
): Promise<Row[]> {
  const keyColumns = sql.join(key.map((name) => sql.ref(name)))
  const isPending = isJson ? sql`true` : sql`${sql.ref(column)} not like ${`${sealedPrefix(keyId)}%`}`
  const isNext = last ? sql`(${keyColumns}) > (${sql.join(last.key)})` : sql`true`
  const query = sql<Record<string, string | number>>`select ${keyColumns}, ${sql.ref(column)} as "sealed text"
    from ${sql.table(table)} where ${sql.ref(column)} is not null and ${isPending} and ${isNext}
    order by ${keyColumns} limit ${rowsPerStep}`
  const { rows } = await query.execute(queries.sql)
  return rows.map((row) => ({ key: key.map((name) => row[name]!), text: row['sealed text'] as string }))
}

/** Returns the places that could not be opened. */
async function resealRows(
  tx: Queries,
  { table, column, key, isJson }: SecretColumn,
  rows: Row[],
  reseal: Reseal,
): Promise<SecretPlace[]> {
  const unreadable: SecretPlace[] = []
  const replace = (text: string, place: SecretPlace) => {
    const replaced = reseal(text, place)
    if (replaced === undefined) unreadable.push(place)
    return replaced ?? text
  }
  for (const row of rows) {
    const place = { table, column, key: row.key }
    const text = isJson ? resealJson(row.text, place, replace) : replace(row.text, place)
    const isRow = sql.join(
      key.map((name, index) => sql`${sql.ref(name)} = ${row.key[index]}`),
      sql` and `,
    )
    // Another server may have replaced the secret since it was read.
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${text}
      where ${isRow} and ${sql.ref(column)} = ${row.text}`.execute(tx.sql)
  }
  return unreadable
}

function resealJson(
  json: string,
  place: SecretPlace,
  replace: (text: string, place: SecretPlace) => string,
): string {
  const walk = (value: unknown, path: string[]): unknown => {
    if (typeof value === 'string' && value.startsWith(sealedPrefix())) {
      return replace(value, { ...place, field: path.join('.') })
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, `${index}`]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, walk(item, [...path, name])]),
    )
  }
  return JSON.stringify(walk(JSON.parse(json), []))
}
