import type { FastifyRequest } from 'fastify'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { networkOf } from '../../lib/addresses.ts'
import { notFound } from '../../lib/errors.ts'
import { Quota } from '../../lib/quota.ts'
import type { ByteQuota } from '../attachments/service.ts'
import { findInboxByIdentifier } from '../inboxes/service.ts'
import { answersForPages } from './pages.ts'
import { type Customer, customerOf } from './service.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route with a `source_id` in its path. */
    customer: Customer
  }
}

// Bytes of a JSON body: a message of 100,000 letters. Forms with files have limits of their own.
const bodyLimit = 128 * 1024
const day = 86_400_000
// Bytes of texts and attributes from one network to one inbox in a day.
const textsOfNetwork = 64 * 1024 ** 2

/**
 * Prepares a scope for the routes of customers. Whose request it is, and for which inbox, is known before its body is
 * read, so that strangers cannot make the server read and validate anything. Throws `not_found`.
 */
export function admitCustomers(app: Server, context: Context): void {
  const { read } = context.database
  app.decorateRequest('customer', null as unknown as Customer)
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= bodyLimit
  })
  app.addHook('onRequest', answersForPages(context))
  // After the rate limit, which counts in onRequest: each of these asks the database.
  app.addHook('preParsing', async (request) => {
    const { inbox_identifier, source_id } = request.params as Record<string, string | undefined>
    if (inbox_identifier === undefined) return
    if (source_id !== undefined) request.customer = await customerOf(read, inbox_identifier, source_id)
    else if (!(await findInboxByIdentifier(read, inbox_identifier))) throw notFound('inbox')
  })
  if (context.config.rateLimit !== null) limitTexts(app)
}

function limitTexts(app: Server): void {
  const sentence = 'more was written from this network than this inbox takes in a day'
  const quota = new Quota({ most: textsOfNetwork, window: day, sentence })
  app.addHook('preHandler', async (request) => {
    const { body, upload, headers } = request
    if (body === undefined) return
    const bytes = upload ? Buffer.byteLength(JSON.stringify(body)) : (headers['content-length'] ?? bodyLimit)
    quota.take(networkKey(request), Number(bytes))
  })
}

/**
 * Limits the files that all customers of an inbox send in a day to `most` bytes, so that strangers cannot fill the disk.
 * Texts have a limit for each network only: nobody can use up what the others may write.
 */
export function dailyFiles(most: number | null): ByteQuota | undefined {
  if (most === null) return undefined
  const sentence =
    'the customers of this inbox have sent as many files as they may in a day; send it without files'
  const quota = new Quota({ most, window: day, sentence })
  return {
    take: (request, bytes) => quota.take(inboxKey(request), bytes),
    giveBack: (request, bytes) => quota.giveBack(inboxKey(request), bytes),
  }
}

/** Names the contact of a request in counters. */
export function contactKey({ customer }: FastifyRequest): string {
  return `contact ${customer.account_id} ${customer.contact_id}`
}

/** Names the inbox and the network of a request in counters. */
export function networkKey({ ip, params }: FastifyRequest): string {
  return `${inboxKey({ params })} from ${networkOf(ip)}`
}

/** Names the inbox of a request in counters. */
export function inboxKey({ params }: Pick<FastifyRequest, 'params'>): string {
  return `inbox ${(params as { inbox_identifier: string }).inbox_identifier}`
}
