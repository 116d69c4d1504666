import type { Database, Queries } from '../../db/database.ts'
import { type Actor, actorRef } from '../../lib/actor.ts'
import { invalidFields, Refusal } from '../../lib/errors.ts'
import { canonicalJson } from '../../lib/json.ts'
import { secretHash } from '../../lib/secrets.ts'
import type { HasSlots } from '../../lib/slot.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import { type PendingFiles, type Upload, withStoredFiles } from '../attachments/service.ts'
import {
  type CreatedConversation,
  createConversation,
  findRepeated,
  type RequestedConversation,
} from '../conversations/creation.ts'
import type { RepeatableRequest } from '../conversations/schema.ts'
import { assertChannelFields } from './channel-fields.ts'
import { compose } from './composition.ts'
import { postInTransaction, postingOf, settle } from './posting.ts'
import { NewMessage, NewMessageForm } from './schema.ts'
import { withFiles } from './service.ts'
import type { Posting } from './verdict.store.ts'

// A space in front, which no header can have: else it could be the key of another message of the conversation.
const keyOfFirstMessage = ' first'

/** How the first message of a conversation is sent. */
interface SendingOptions {
  /** The files of the request, as they were uploaded and as they are stored. */
  upload?: Upload | undefined
  files?: PendingFiles | undefined
  /** Whether the request can be repeated. */
  isRepeatable?: boolean
  /** Whether the contact has sent the request, rather than a program on their behalf. */
  isFromContact?: boolean
}

/** How a conversation is requested, apart from the fields of the conversation. */
export interface CreationRequest {
  idempotencyKey: string | null
  upload?: Upload | undefined
  isFromContact?: boolean
  /** Called in the transaction, unless the request is a repeated one. It may throw. */
  assertAllowed?: (tx: Queries) => Promise<void>
}

/**
 * Creates a conversation as `createConversation` does, and sends its first message if it has one or the request has files: all
 * of it or nothing. A repeated request, with the same key and author, returns the conversation of the first one. Throws
 * `idempotency_key_reused` if that was another request.
 */
export async function startConversation(
  database: Database,
  actor: Actor,
  input: RequestedConversation,
  { idempotencyKey, upload, isFromContact = false, assertAllowed }: CreationRequest,
): Promise<CreatedConversation> {
  const message = input.message ?? (upload?.count ? {} : undefined)
  const request = idempotencyKey === null ? undefined : requestOf(actor, idempotencyKey, input, message)
  const options = { upload, isRepeatable: request !== undefined, isFromContact }
  const assertSame = async (created: CreatedConversation) => {
    const { id } = created.conversation
    if (message)
      await inMessage(async () => {
        const posting = postingOfFirst(database, actor, id, draftOf(message, upload), options)
        await assertSameMessage(database.read, posting)
      })
    return created
  }
  // Before the files are stored.
  const earlier = await findRepeated(database.read, actor, request)
  if (earlier) return assertSame(earlier)
  return withStoredFiles(actor.accountId, upload, async (files) => {
    const created = await createConversation(database, actor, input, {
      request,
      async inTransaction(tx, id) {
        await assertAllowed?.(tx)
        if (message) await sendFirst(tx, actor, id, message, { ...options, files })
      },
    })
    if (!created.replayed) return created
    await files?.release()
    return assertSame(created)
  })
}

/** The hash leaves out the message, which has its own: it goes when the message is deleted. */
function requestOf(
  actor: Actor,
  idempotencyKey: string,
  input: RequestedConversation,
  message: object | undefined,
): RepeatableRequest {
  const { type, id } = actorRef(actor)
  const hash = secretHash(canonicalJson({ ...input, message: message !== undefined }))
  return { key: `${type} ${id} ${idempotencyKey}`, hash }
}

/**
 * Sends the first message of a conversation, in the transaction that creates it. It is outgoing unless `body` says
 * otherwise. Errors name fields as in the body of the conversation: `message.content`.
 */
export async function sendFirst(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  body: Record<string, unknown>,
  options: SendingOptions = {},
): Promise<void> {
  const { upload, files } = options
  const draft = draftOf(body, upload)
  await inMessage(async () => {
    const posting = postingOfFirst(tx, actor, conversationId, draft, options)
    await assertChannelFields(tx, actor, conversationId, draft)
    const composed = await compose(tx, actor, posting, draft, upload?.count ?? 0)
    await postInTransaction(tx, actor, withFiles(composed, files))
  })
  await files?.attach(tx)
}

const checkNew = checker(NewMessage)
const checkNewWithFiles = checker(NewMessageForm)

function draftOf(body: Record<string, unknown>, upload: Upload | undefined): NewMessage {
  const draft = { message_type: 'outgoing', ...body } as NewMessage
  assertValid(upload?.count ? checkNewWithFiles : checkNew, draft, 'message')
  return draft
}

function postingOfFirst(
  queries: HasSlots,
  actor: Actor,
  conversationId: number,
  draft: NewMessage,
  { upload, isRepeatable = false, isFromContact = false }: SendingOptions,
): Posting {
  const key = isRepeatable ? keyOfFirstMessage : null
  const posting = postingOf(queries, actor, conversationId, draft, key, upload)
  return isFromContact ? { ...posting, channel_types: null } : posting
}

/**
 * Throws `idempotency_key_reused` if the first message of a conversation is another one. Nothing is known of one that a
 * merge has moved.
 */
async function assertSameMessage(queries: Queries, posting: Posting): Promise<void> {
  try {
    await settle(queries, posting, { verdict: 'key_used' })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
  }
}

/** Calls `work`. If it refuses fields of a message, they are named as in the body of the conversation. */
async function inMessage(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal) || !error.fields || error.code === 'idempotency_key_reused') throw error
    throw invalidFields(error.fields.map((one) => ({ ...one, field: `message.${one.field}` })))
  }
}
