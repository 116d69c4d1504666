import type { FastifyRequest } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { limiter } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { networkOf } from '../../lib/addresses.ts'
import { notFound } from '../../lib/errors.ts'
import { Quota } from '../../lib/quota.ts'
import { mostFiles } from '../attachments/schema.ts'
import type { ByteQuota } from '../attachments/service.ts'
import { corsHook } from './cors.ts'
import { findOpenInbox } from './inbox.ts'
import { type ClientCustomer, getCustomer } from './service.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route with a `source_id` in its path. */
    customer: ClientCustomer
  }
}

// Bytes of a JSON body: enough for a message of 100,000 letters. Forms with files have their own limits.
const bodyLimit = 128 * 1024
const day = 86_400_000
// Bytes of JSON bodies and form fields from one network to one inbox in a day.
const dailyTextBytes = 64 * 1024 ** 2

/** How often customers may do something in a minute. */
export const customerLimits = {
  // Per contact, from any network: more than anybody types.
  messagesPerMinute: 60,
  conversationsPerMinute: 10,
  conversationsOfNetworkPerMinute: 30,
  // New contacts at one inbox, from one network and from all networks.
  contactsPerMinute: 20,
  contactsOfInboxPerMinute: 600,
  // Per contact; of those who are no contact yet, per inbox and network.
  openingsPerMinute: 60,
  openingsOfInboxPerMinute: 600,
  // Per contact: changes of labels and attributes of conversations.
  changesPerMinute: 30,
} as const

/**
 * Adds the hooks of the customers' routes to a scope. They find the inbox and the customer before the body is read, so that
 * strangers cannot make the server read and validate bodies. Requests to unknown ones are refused with `not_found`.
 */
export function admitCustomers(app: Server, context: Context): void {
  const { read } = context.database
  app.decorateRequest('customer', null as unknown as ClientCustomer)
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= bodyLimit
  })
  app.addHook('onRequest', corsHook(context))
  // Not in onRequest: the rate limit counts there, and must come before these queries.
  app.addHook('preParsing', async (request) => {
    const { inbox_identifier, source_id } = request.params as Record<string, string | undefined>
    if (inbox_identifier === undefined) return
    if (source_id !== undefined) request.customer = await getCustomer(read, inbox_identifier, source_id)
    else if (!(await findOpenInbox(read, inbox_identifier))) throw notFound('inbox')
  })
  if (context.config.rateLimit !== null) limitTexts(app)
}

function limitTexts(app: Server): void {
  const sentence = 'the daily limit of text from this network to this inbox has been reached'
  const quota = new Quota({ most: dailyTextBytes, window: day, sentence })
  app.addHook('preHandler', async (request) => {
    const { body, upload, headers } = request
    if (body === undefined) return
    const bytes = upload ? Buffer.byteLength(JSON.stringify(body)) : (headers['content-length'] ?? bodyLimit)
    quota.take(networkKey(request), Number(bytes))
  })
}

/**
 * Limits the bytes of files that all customers of an inbox send in a day, so that strangers cannot fill the disk. A network
 * gets an eighth of it, or a message with the largest files: otherwise one visitor could use up the limit of all others.
 */
export function dailyFileQuota({ config }: Context): ByteQuota | undefined {
  const { clientUploadQuota, clientMaxFileSize } = config
  if (clientUploadQuota === null) return undefined
  const share = Math.max(clientUploadQuota / 8, mostFiles * clientMaxFileSize)
  const sentence =
    'the daily limit of files from customers of this inbox has been reached: send the message without files'
  const ofInbox = new Quota({ most: clientUploadQuota, window: day, sentence })
  const ofNetwork = new Quota({ most: share, window: day, sentence })
  return {
    take(request, bytes) {
      ofInbox.take(inboxKey(request), bytes)
      try {
        ofNetwork.take(networkKey(request), bytes)
      } catch (error) {
        ofInbox.giveBack(inboxKey(request), bytes)
        throw error
      }
    },
    giveBack(request, bytes) {
      ofInbox.giveBack(inboxKey(request), bytes)
      ofNetwork.giveBack(networkKey(request), bytes)
    },
  }
}

/** The key of a request’s contact in rate limits. */
export function contactKey({ customer }: FastifyRequest): string {
  return `contact ${customer.account_id} ${customer.contact_id}`
}

/** Limits requests of those who are not contacts yet, per minute: from one network to an inbox, and to it in total. */
export function strangerLimit(app: Server, perNetwork: number, perInbox: number) {
  const ofNetwork = limiter(app as never, perNetwork, networkKey)
  const ofInbox = limiter(app as never, perInbox, inboxKey)
  return async (request: FastifyRequest): Promise<void> => {
    await ofNetwork(request)
    await ofInbox(request)
  }
}

/** The key of a request’s inbox and network in rate limits. */
export function networkKey({ ip, params }: FastifyRequest): string {
  return `${inboxKey({ params })} from ${networkOf(ip)}`
}

/** The key of a request’s inbox in rate limits. */
export function inboxKey({ params }: Pick<FastifyRequest, 'params'>): string {
  return `inbox ${(params as { inbox_identifier: string }).inbox_identifier}`
}
