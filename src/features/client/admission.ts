import type { FastifyRequest } from 'fastify'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { networkOf } from '../../lib/addresses.ts'
import { notFound } from '../../lib/errors.ts'
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
