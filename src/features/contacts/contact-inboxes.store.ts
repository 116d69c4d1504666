import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import type { ContactInbox } from './schema.ts'

/** A contact at one inbox. */
export interface Place {
  account_id: number
  inbox_id: number
  contact_id: number
}

export async function insertContactInbox(
  tx: Queries,
  row: Place & { source_id: string; has_name: number; created_at: number },
): Promise<void> {
  await tx.sql.insertInto('contact_inboxes').values(row).execute()
}

/** The inboxes of each of these contacts; one without a name is listed once for each inbox. */
export async function selectContactInboxes(
  queries: Queries,
  accountId: number,
  contactIds: number[],
): Promise<Map<number, ContactInbox[]>> {
  const byContact = new Map<number, ContactInbox[]>(contactIds.map((id) => [id, []]))
  if (contactIds.length === 0) return byContact
  const rows = await queries.sql
    .selectFrom('contact_inboxes')
    .innerJoin('inboxes', (join) =>
      join
        .onRef('inboxes.account_id', '=', 'contact_inboxes.account_id')
        .onRef('inboxes.id', '=', 'contact_inboxes.inbox_id'),
    )
    .select(['contact_id', 'source_id', 'has_name', 'inboxes.id', 'inboxes.name'])
    .where('contact_inboxes.account_id', '=', accountId)
    .where('contact_id', 'in', contactIds)
    .orderBy('inboxes.id')
    .orderBy('contact_inboxes.created_at')
    .execute()
  for (const { contact_id, source_id, has_name, id, name } of rows) {
    const listed = byContact.get(contact_id)!
    if (has_name === 1) listed.push({ source_id, inbox: { id, name } })
    else if (!listed.some((one) => one.inbox.id === id && one.source_id === null))
      listed.push({ source_id: null, inbox: { id, name } })
  }
  return byContact
}

/** The contact that has a name at an inbox. */
export async function findNameOwner(queries: Queries, accountId: number, inboxId: number, name: string) {
  const row = await queries.sql
    .selectFrom('contact_inboxes')
    .select('contact_id')
    .where('account_id', '=', accountId)
    .where('inbox_id', '=', inboxId)
    .where('source_id', '=', name)
    .where('has_name', '=', 1)
    .executeTakeFirst()
  return row?.contact_id
}

/** The oldest row of a contact at an inbox. */
export async function findOldest(queries: Queries, place: Place) {
  return queries.sql
    .selectFrom('contact_inboxes')
    .select(['source_id', 'has_name'])
    .where('account_id', '=', place.account_id)
    .where('contact_id', '=', place.contact_id)
    .where('inbox_id', '=', place.inbox_id)
    .orderBy('created_at')
    .executeTakeFirst()
}

/** One of the contact's inboxes in which the user does not work. Each of its conversations has an inbox among them. */
export async function findForeignInbox(
  queries: Queries,
  accountId: number,
  contactId: number,
  userId: number,
): Promise<number | undefined> {
  const row = await queries.sql
    .selectFrom('contact_inboxes as d')
    .select('d.inbox_id')
    .where('d.account_id', '=', accountId)
    .where('d.contact_id', '=', contactId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inbox_members as m')
            .select('m.user_id')
            .whereRef('m.account_id', '=', 'd.account_id')
            .whereRef('m.inbox_id', '=', 'd.inbox_id')
            .where('m.user_id', '=', userId),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  return row?.inbox_id
}

export async function insertSecret(tx: Queries, row: Tables['contact_secrets']): Promise<void> {
  await tx.sql.insertInto('contact_secrets').values(row).execute()
}

/** The contact that a secret opens at an inbox. */
export async function findSecretOwner(queries: Queries, accountId: number, inboxId: number, hash: string) {
  const row = await queries.sql
    .selectFrom('contact_secrets')
    .select('contact_id')
    .where('account_id', '=', accountId)
    .where('inbox_id', '=', inboxId)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.contact_id
}

const byHash = prepare<{ identifier: string; hash: string }>()((builder, p) =>
  builder
    .selectFrom('inboxes as i')
    .innerJoin('contact_secrets as s', (join) =>
      join.onRef('s.account_id', '=', 'i.account_id').onRef('s.inbox_id', '=', 'i.id'),
    )
    .select(['s.account_id', 's.inbox_id', 's.contact_id'])
    .where('i.identifier', '=', p.identifier)
    .where('s.hash', '=', p.hash),
)

/** Whom a secret opens, as one query: an unknown inbox and an unknown secret take as long. */
export async function findPlace(
  queries: Queries,
  inboxIdentifier: string,
  hash: string,
): Promise<Place | undefined> {
  return (await byHash(queries, { identifier: inboxIdentifier, hash }))[0]
}

/** The hashes of a contact's secrets at an inbox, the newest first. */
export async function selectSecrets(queries: Queries, place: Place): Promise<string[]> {
  const rows = await queries.sql
    .selectFrom('contact_secrets')
    .select('hash')
    .where('account_id', '=', place.account_id)
    .where('contact_id', '=', place.contact_id)
    .where('inbox_id', '=', place.inbox_id)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(({ hash }) => hash)
}

/** Deletes secrets of a contact: at one inbox, or at all of them; of certain hashes, or all. Returns how many. */
export async function deleteSecrets(
  tx: Queries,
  { account_id, contact_id, inbox_id }: Omit<Place, 'inbox_id'> & { inbox_id?: number },
  hashes?: string[],
): Promise<number> {
  let secrets = tx.sql
    .deleteFrom('contact_secrets')
    .where('account_id', '=', account_id)
    .where('contact_id', '=', contact_id)
  if (inbox_id !== undefined) secrets = secrets.where('inbox_id', '=', inbox_id)
  if (hashes) secrets = secrets.where('hash', 'in', hashes)
  const rows = await secrets.returning('hash').execute()
  return rows.length
}
