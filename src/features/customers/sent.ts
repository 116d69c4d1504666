import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { systemOf } from '../../lib/actor.ts'
import type { PendingFiles, Upload } from '../attachments/service.ts'
import { findBySourceId } from '../messages/parts.store.ts'
import { postReceived } from '../messages/service.ts'
import type { Received, StoredMessage } from './receive.ts'

/** A message that was sent to a contact by another program, from the address of the inbox. */
export interface Sent {
  /** What the channel calls the message: unique in the inbox. */
  source_id: string
  conversation_id: number
  content: string
  attributes: Record<string, unknown>
  /** Its files. They are removed. */
  upload: Upload
  /** Stores what belongs to the message, in its transaction. */
  stored?: (tx: Queries, message: StoredMessage) => Promise<void>
}

/** Stores a message that was sent already, once, as an outgoing message without a user. Throws as `receive()` does. */
export async function storeSent(
  { database }: Context,
  inbox: { account_id: number; inbox_id: number },
  { source_id, conversation_id, content, attributes, upload, stored }: Sent,
): Promise<Received> {
  const { account_id } = inbox
  const findKnown = async (queries: Queries): Promise<Received | undefined> => {
    const message = await findBySourceId(queries, inbox, source_id)
    return message && { state: 'known', ...message }
  }
  let files: PendingFiles | undefined
  let received = await findKnown(database.read)
  try {
    if (received) return received
    files = await upload.store(account_id)
    received = await database.transaction(account_id, async (tx): Promise<Received> => {
      const known = await findKnown(tx)
      if (known) return known
      const message = { content, source_id, attributes, isOutgoing: true }
      const id = await postReceived(tx, systemOf(account_id), conversation_id, message, files)
      const sourceKey = files!.sourceKey
      await stored?.(tx, { conversation_id, id, isNewConversation: false, sourceKey })
      return { state: 'stored', conversation_id, id }
    })
    return received
  } finally {
    if (received?.state !== 'stored') await files?.release()
    await upload.discard()
  }
}
