import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Queries } from '../../../db/database.ts'
import { storedName } from '../../../files/names.ts'
import { writeTemporaryFile } from '../../../files/temporary-files.ts'
import type { Context } from '../../../http/feature.ts'
import type { Actor } from '../../../lib/actor.ts'
import { notFound } from '../../../lib/errors.ts'
import type { Message } from '../../messages/schema.ts'
import { get } from '../../messages/service.ts'
import { findRawMail } from './mail.store.ts'
import { mailReader } from './mail-reader.ts'
import type { EmailAttributes, StoredMail } from './schema.ts'

/** The message of a mail. Throws `not_found`, also if it is not a mail or the actor may not see it. */
async function getMail(queries: Queries, actor: Actor, conversationId: number, id: number) {
  const message = JSON.parse(await get(queries, actor, conversationId, id, false)) as Message
  const email = message.content_attributes.email as EmailAttributes | undefined
  const key = await findRawMail(queries, actor.accountId, id)
  if (!email && key === undefined) throw notFound('email')
  return { message, email, key }
}

/** The raw mail of a message, as a stream. Throws `not_found`. */
export async function openRawMail(
  { database, files }: Context,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<Readable> {
  const { key } = await getMail(database.read, actor, conversationId, id)
  if (key === undefined) throw notFound('raw email')
  return files.storage.get(storedName(actor.accountId, key))
}

/** The mail of a message in full. Throws `not_found`. */
export async function readStoredMail(
  context: Context,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<StoredMail> {
  const { database, files } = context
  const { message, email, key } = await getMail(database.read, actor, conversationId, id)
  if (key === undefined) {
    const { subject, from, to, cc } = email!
    return { subject, from, to, cc, html: null, text: message.content, headers: [], has_raw: false }
  }
  const stream = await files.storage.get(storedName(actor.accountId, key))
  const { path } = await writeTemporaryFile(files.temporaryDirectory, stream)
  try {
    return { ...(await mailReader.of(context).readWhole(path)), has_raw: true }
  } finally {
    await rm(path, { force: true })
  }
}
