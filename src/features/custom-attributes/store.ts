import type { Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import { toSeconds } from '../../lib/time.ts'
import type { AttributeModel, CustomAttributeDefinition } from './schema.ts'

type Row = Tables['custom_attribute_definitions']

/** The definitions of an account, of contacts or of conversations, in the order of their names. Their number is limited. */
export async function selectDefinitions(
  queries: Queries,
  accountId: number,
  model?: AttributeModel,
): Promise<CustomAttributeDefinition[]> {
  const all = queries.sql.selectFrom('custom_attribute_definitions').selectAll()
  const rows = await all
    .where('account_id', '=', accountId)
    .$if(model !== undefined, (some) => some.where('attribute_model', '=', model!))
    .orderBy('attribute_display_name')
    .orderBy('id')
    .execute()
  return rows.map(toDefinition)
}

/** The definitions of attributes with these keys. */
export async function selectDefinitionsOf(
  queries: Queries,
  accountId: number,
  model: AttributeModel,
  keys: readonly string[],
): Promise<CustomAttributeDefinition[]> {
  const all = queries.sql.selectFrom('custom_attribute_definitions').selectAll()
  const ofModel = all.where('account_id', '=', accountId).where('attribute_model', '=', model)
  // PostgreSQL allows a limited number of parameters, and an object more keys.
  const rows = await ofModel
    .$if(keys.length <= 50, (some) => some.where('attribute_key', 'in', keys))
    .execute()
  return rows.map(toDefinition)
}

export async function findDefinition(
  queries: Queries,
  accountId: number,
  id: number,
): Promise<CustomAttributeDefinition | undefined> {
  const all = queries.sql.selectFrom('custom_attribute_definitions').selectAll()
  const row = await all.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  return row && toDefinition(row)
}

export async function countDefinitions(tx: Queries, accountId: number): Promise<number> {
  const row = await tx.sql
    .selectFrom('custom_attribute_definitions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertDefinition(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('custom_attribute_definitions').values(row).execute()
}

export async function updateDefinition(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Row>,
): Promise<void> {
  const update = tx.sql.updateTable('custom_attribute_definitions').set(change)
  await update.where('account_id', '=', accountId).where('id', '=', id).execute()
}

export async function deleteDefinition(tx: Queries, accountId: number, id: number): Promise<void> {
  const all = tx.sql.deleteFrom('custom_attribute_definitions').where('account_id', '=', accountId)
  await all.where('id', '=', id).execute()
}

function toDefinition({ account_id, ...row }: Row): CustomAttributeDefinition {
  return {
    ...row,
    attribute_values: JSON.parse(row.attribute_values),
    created_at: toSeconds(row.created_at),
    updated_at: toSeconds(row.updated_at),
  }
}
