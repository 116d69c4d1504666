import type { Queries } from '../../../db/database.ts'
import { normalizeEmail } from '../../../lib/email.ts'
import { secretHash } from '../../../lib/secrets.ts'
import { isGivenSecret } from '../../contacts/contact-inboxes.ts'
import { insertContactInboxes, insertSecrets } from '../store.ts'
import { selectContactInboxes, selectContacts } from './content.store.ts'
import type { Inboxes } from './inboxes.ts'
import type { Move } from './move.ts'
import { contactInboxPages, type SourceContactInbox, sizeOf } from './source-content.store.ts'
import { storable } from './storable.ts'

/**
 * The columns of a contact inbox; `inboxId` is that of Chatwoot. In an e-mail inbox the name of a contact is their address.
 * Visitors of a website go on with the `source_id` that their browser has: it is a
 * secret, of which only the hash is stored. In other inboxes it is a name; one that Chatwoot has generated also opens the
 * client API.
 */
export function contactInboxColumns(
  sourceId: string,
  inboxes: Inboxes,
  inboxId: number,
): { source_id: string; has_name: number; secret: string | null } {
  const isEmail = inboxes.addressOf(inboxId) !== undefined
  const isWebsite = inboxes.isWebsite(inboxId)
  const name = isEmail ? normalizeEmail(storable(sourceId)).slice(0, 255) : storable(sourceId).slice(0, 255)
  // A name that is no address would be written to.
  if (isEmail && !name.includes('@')) return { source_id: name, has_name: 0, secret: null }
  const secret = isGivenSecret(name) ? secretHash(name) : null
  if (isWebsite && secret) return { source_id: secret, has_name: 0, secret }
  return { source_id: name, has_name: 1, secret }
}

/** Imports the names and secrets of contacts at inboxes. */
export async function importContactInboxes(move: Move, inboxes: Inboxes): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids } = move
  const { rows, last } = await sizeOf(source, accountId, 'contact_inboxes')
  report.table('contact_inboxes', rows)
  await ids.contact_inboxes.begin(database, source, last)
  for await (const page of contactInboxPages(source, accountId, ids.contact_inboxes.range)) {
    const work = async (queries: Queries) => {
      const plan = await planPage(move, queries, inboxes, page)
      if (isDryRun) return plan
      await insertContactInboxes(queries, plan.added)
      const secrets = plan.added.flatMap(({ secret, ...row }) => (secret ? { ...row, hash: secret } : []))
      await insertSecrets(queries, secrets)
      await ids.contact_inboxes.advance(queries, page.at(-1)!.id)
      return plan
    }
    const { added, known } = isDryRun
      ? await work(database.read)
      : await database.transaction(accountId, work)
    report.count('contact_inboxes', 'stored', added.length)
    report.count('contact_inboxes', 'known', known)
    move.progress(page.length)
    await move.rest()
  }
  await ids.contact_inboxes.finish(database, source)
}

async function planPage(move: Move, queries: Queries, inboxes: Inboxes, page: SourceContactInbox[]) {
  const { accountId: account_id, ids, isDryRun } = move
  const contactOf = await ids.contacts.load(
    queries,
    page.map(({ contact_id }) => contact_id),
  )
  const all = page.map(({ contact_id, inbox_id, source_id, created_at }) => ({
    ...contactInboxColumns(source_id, inboxes, inbox_id),
    ...{ account_id, inbox_id: inboxes.idOf(inbox_id)!, contact_id: contactOf(contact_id), created_at },
  }))
  const stored = await selectContactInboxes(queries, account_id, all)
  const contacts = await selectContacts(queries, account_id, [...new Set(all.map((one) => one.contact_id))])
  const existing = new Set(contacts.map(({ id }) => id))
  const keys = new Set(stored.map(keyOf))
  const added = all.filter((row) => {
    if (keys.has(keyOf(row)) || !(isDryRun || existing.has(row.contact_id))) return false
    keys.add(keyOf(row))
    return true
  })
  return { added, known: stored.length }
}

function keyOf({ inbox_id, source_id }: { inbox_id: number; source_id: string }): string {
  return `${inbox_id} ${source_id}`
}
