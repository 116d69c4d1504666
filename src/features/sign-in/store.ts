import type { Selectable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

export type Link = Selectable<Tables['user_links']>

export async function insertLink(tx: Queries, link: Link): Promise<void> {
  await tx.sql.insertInto('user_links').values(link).execute()
}

export async function findLink(queries: Queries, hash: string): Promise<Link | undefined> {
  return queries.sql.selectFrom('user_links').selectAll().where('link_hash', '=', hash).executeTakeFirst()
}

/** Deletes all links of a user, and all links that have expired. */
export async function deleteLinks(tx: Queries, userId: number, now: number): Promise<void> {
  await tx.sql
    .deleteFrom('user_links')
    .where(({ or, eb }) => or([eb('user_id', '=', userId), eb('expires_at', '<=', now)]))
    .execute()
}
