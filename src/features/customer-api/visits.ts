import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { limiter } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { notFound } from '../../lib/errors.ts'
import type { Customer } from '../customers/customer.ts'
import { findChannelInbox } from '../inboxes/service.ts'
import { sendVisit } from '../realtime/service.ts'
import { NewVisit } from '../visits/schema.ts'
import { type Browser, browserOf, recordVisit } from '../visits/service.ts'
import { contactKey } from './admission.ts'
import { recordsVisits } from './openings.ts'

// Per contact. The widget sends at most six.
const visitsPerMinute = 60

/** The route on which a page says where its visitor is. */
export function visitRoute(app: Server, context: Context): void {
  const schema = {
    summary: 'Report the page that you are on',
    description:
      'Agents see the latest one, with the language and the `User-Agent` from the headers of this request. The network address is not stored. Nothing is stored if the inbox does not record visits.',
    tags: ['Client'],
    params: Type.Object({ inbox_identifier: Type.String(), source_id: Type.String() }),
    body: NewVisit,
    response: { 204: Type.Null({ description: 'Reported.' }) },
  }
  const limit = limiter(app as never, visitsPerMinute, contactKey)
  app.post(
    '/public/api/v1/inboxes/:inbox_identifier/contacts/:source_id/visits',
    { config: { public: true }, schema, preParsing: async (request) => limit(request) },
    async ({ customer, body, headers }, reply) => {
      await reportVisit(context, customer, body, browserOf(headers))
      return reply.code(204).send(null)
    },
  )
}

/**
 * Stores the page that the contact is on, and signals agents that it has changed. Does nothing if the inbox does not record
 * visits. Throws as `recordVisit` does.
 */
async function reportVisit(
  context: Context,
  customer: Customer,
  visit: NewVisit,
  browser: Browser,
): Promise<void> {
  const { database } = context
  const inbox = await findChannelInbox(database.read, customer.account_id, customer.inbox_id)
  if (!inbox) throw notFound('inbox')
  if (!recordsVisits(context, inbox)) return
  await recordVisit(database, customer, visit, browser)
  sendVisit(context, customer)
}
