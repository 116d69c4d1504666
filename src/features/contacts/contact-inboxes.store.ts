import type { Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import { byIndex } from '../../db/rows.ts'
import type { Tables } from '../../db/tables.ts'
import type { ContactInbox } from './schema.ts'

/** Refers to a contact at one inbox. */
export interface ContactInboxRef {
  account_id: number
  inbox_id: number
  contact_id: number
}

/** Adds a row for a contact at an inbox; `source_id` is a name only if `has_name` is 1. */
export async function insertContactInbox(
  tx: Queries,
  row: ContactInboxRef & { source_id: string; has_name: number; created_at: number },
): Promise<void> {
  await tx.sql.insertInto('contact_inboxes').values(row).execute()
}

/** The inboxes of each of these contacts; several rows without a name at one inbox count as one. */
export async function selectContactInboxes(
  queries: Queries,
  accountId: number,
  contactIds: number[],
): Promise<Map<number, ContactInbox[]>> {
  const byContact = new Map<number, ContactInbox[]>(contactIds.map((id) => [id, []]))
  if (contactIds.length === 0) return byContact
  const rows = await queries.sql
    .selectFrom(byIndex(queries.engine, 'contact_inboxes', 'contact_inboxes_contact'))
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

/** The contact that a program has given this name at an inbox. */
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

/** The contacts with this name at one of these inboxes. */
export async function selectNameOwners(
  queries: Queries,
  accountId: number,
  inboxIds: number[],
  name: string,
) {
  if (inboxIds.length === 0) return []
  return queries.sql
    .selectFrom('contact_inboxes')
    .select(['inbox_id', 'contact_id'])
    .where('account_id', '=', accountId)
    .where('inbox_id', 'in', inboxIds)
    .where('source_id', '=', name)
    .where('has_name', '=', 1)
    .execute()
}

/** The contacts with this secret at one of these inboxes. */
export async function selectSecretOwners(
  queries: Queries,
  accountId: number,
  inboxIds: number[],
  hash: string,
) {
  if (inboxIds.length === 0) return []
  return queries.sql
    .selectFrom('contact_secrets')
    .select(['inbox_id', 'contact_id'])
    .where('account_id', '=', accountId)
    .where('inbox_id', 'in', inboxIds)
    .where('hash', '=', hash)
    .execute()
}

/** The oldest row of a contact at an inbox. */
export async function findOldestContactInbox(queries: Queries, contactInbox: ContactInboxRef) {
  return queries.sql
    .selectFrom('contact_inboxes')
    .select(['source_id', 'has_name'])
    .where('account_id', '=', contactInbox.account_id)
    .where('contact_id', '=', contactInbox.contact_id)
    .where('inbox_id', '=', contactInbox.inbox_id)
    .orderBy('created_at')
    .executeTakeFirst()
}

/** One of the contact's inboxes that the user is not a member of. The inbox of every conversation of it is among them. */
export async function findHiddenInbox(
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

/** The contact that a secret at an inbox belongs to. */
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

const bySecretHash = prepare<{ identifier: string; hash: string }>()((builder, p) =>
  builder
    .selectFrom('inboxes as i')
    .innerJoin('contact_secrets as s', (join) =>
      join.onRef('s.account_id', '=', 'i.account_id').onRef('s.inbox_id', '=', 'i.id'),
    )
    .select(['s.account_id', 's.inbox_id', 's.contact_id', 'i.channel_type'])
    .where('i.identifier', '=', p.identifier)
    .where('s.hash', '=', p.hash),
)

/** The owner of a secret, as one query, so that an unknown inbox and an unknown secret take the same time. */
export async function findBySecretHash(
  queries: Queries,
  inboxIdentifier: string,
  hash: string,
): Promise<(ContactInboxRef & { channel_type: string }) | undefined> {
  return (await bySecretHash(queries, { identifier: inboxIdentifier, hash }))[0]
}

/** The hashes of a contact's secrets at an inbox, the newest first. */
export async function selectSecrets(queries: Queries, contactInbox: ContactInboxRef): Promise<string[]> {
  const rows = await queries.sql
    .selectFrom('contact_secrets')
    .select('hash')
    .where('account_id', '=', contactInbox.account_id)
    .where('contact_id', '=', contactInbox.contact_id)
    .where('inbox_id', '=', contactInbox.inbox_id)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(({ hash }) => hash)
}

/** Deletes secrets of a contact, at one inbox or at all of them, optionally only those with certain hashes. Returns how many. */
export async function deleteSecrets(
  tx: Queries,
  { account_id, contact_id, inbox_id }: Omit<ContactInboxRef, 'inbox_id'> & { inbox_id?: number },
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
