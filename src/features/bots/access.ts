import type { FastifyRequest } from 'fastify'
import type { Database } from '../../db/database.ts'
import type { BotAccess, Identify } from '../../http/auth.ts'
import { systemOf } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { parseId } from '../../lib/schema.ts'
import { secretHash } from '../../lib/secrets.ts'
import { hasContactInbox } from '../contacts/contact-inboxes.ts'
import { botsAssignedTo } from '../conversations/bots.ts'
import { findCurrentConversationRef } from '../conversations/merged.ts'
import { idOfInbox } from './service.ts'
import { findByToken } from './store.ts'

const account = '/api/v1/accounts/:account_id'
const conversation = `${account}/conversations/:conversation_id`

/** The only routes that bots may use. Each is about a conversation, or creates one. */
export const botRoutes: readonly string[] = [
  `POST ${account}/conversations`,
  `GET ${conversation}`,
  `PATCH ${conversation}`,
  `GET ${conversation}/messages`,
  `POST ${conversation}/messages`,
  `POST ${conversation}/toggle_status`,
  `POST ${conversation}/toggle_priority`,
  `POST ${conversation}/toggle_typing_status`,
  `POST ${conversation}/assignments`,
  `POST ${conversation}/custom_attributes`,
  `GET ${conversation}/labels`,
  `POST ${conversation}/labels`,
]

/** Extends how users are identified: a token of no user can be that of a bot of the account in the path. */
export function identifyBots(database: Database, identifyUsers: Identify): Identify {
  return async (credential, accountId) => {
    const identity = await identifyUsers(credential, accountId)
    if (identity || credential.kind !== 'token' || accountId === undefined) return identity
    const key = { account_id: accountId, hash: secretHash(credential.secret) }
    const [bot] = await findByToken(database.read, key)
    return bot && { ...nobody, bot: accessOf(database, accountId, bot.id) }
  }
}

const nobody = { userId: 0, tokenId: 0, scopes: [], role: undefined }

function accessOf(database: Database, accountId: number, id: number): BotAccess {
  const { read } = database
  const answersIn = async (inboxId: number) => (await idOfInbox(read, accountId, inboxId)) === id
  const isAssigned = async (conversationId: number) =>
    (await botsAssignedTo(read, accountId, [conversationId])).get(conversationId) === id

  /** Throws the same for a conversation that does not exist, so that a bot does not learn which ones do. */
  async function assertOwnConversation(conversationId = 0): Promise<void> {
    const { id: currentId, inbox_id } = await findCurrentConversationRef(
      read,
      systemOf(accountId),
      conversationId,
    )
    if ((await answersIn(inbox_id)) || (await isAssigned(currentId))) return
    throw notFound('conversation')
  }

  return {
    id,
    accountId,
    async assertMayCall(request) {
      const route = routeOf(request)
      if (!botRoutes.includes(route))
        throw new Refusal(
          'forbidden',
          'a bot may not use this call: docs/api/bots.md lists those that it may',
        )
      const { conversation_id } = request.params as { conversation_id?: string }
      if (route !== `POST ${account}/conversations`) await assertOwnConversation(parseId(conversation_id))
    },
    async assertMaySend(request) {
      const route = routeOf(request)
      if (route === `POST ${conversation}/messages`) assertOwnMessage(request.body as object)
      if (route !== `POST ${account}/conversations`) return
      const { inbox_id, contact_id, message } = request.body as NewConversation
      if (inbox_id === undefined) throw invalid('inbox_id', 'is required', 'required')
      if (!(await answersIn(inbox_id)))
        throw invalid('inbox_id', 'names no inbox in which this bot answers', 'not_found')
      if (message) assertOwnMessage(message, 'message.')
      if (contact_id === undefined) return
      if (!(await hasContactInbox(read, { account_id: accountId, inbox_id, contact_id })))
        throw invalid('contact_id', 'names no contact of this inbox', 'not_found')
    },
  }
}

/** The route of the main API that a request uses, maybe in another form: `POST /path`. */
function routeOf({ routeOptions, method }: FastifyRequest): string {
  const { config, url } = routeOptions
  return config.sameAs ?? `${method === 'HEAD' ? 'GET' : method} ${url}`
}

interface NewConversation {
  inbox_id?: number
  contact_id?: number
  message?: object
}

/** Throws if a message is not the bot's own, or would contain what belongs to users. */
function assertOwnMessage(message: object, path = ''): void {
  const { message_type } = message as { message_type?: unknown }
  if (message_type === 'incoming')
    throw invalid(
      `${path}message_type`,
      'must be outgoing: a bot does not write as the contact',
      'not_allowed_value',
    )
  for (const field of ['canned_response_ids', 'append_signature', 'draft_version'])
    if (field in message) throw invalid(path + field, 'cannot be used by a bot', 'not_allowed')
}
