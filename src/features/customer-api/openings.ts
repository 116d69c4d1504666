import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { limiter } from '../../http/limits.ts'
import type { Server } from '../../http/server.ts'
import { notFound } from '../../lib/errors.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { type ChannelInbox, channels } from '../inboxes/channels.ts'
import { findChannelInbox } from '../inboxes/service.ts'
import { sendOpening } from '../realtime/service.ts'
import { NewOpening, type NewVisit } from '../visits/schema.ts'
import { browserOf, pageOf } from '../visits/service.ts'
import { contactKey, customerLimits, strangerLimit } from './admission.ts'
import { findOpenInbox } from './inbox.ts'

const { openingsPerMinute, openingsOfInboxPerMinute } = customerLimits
const base = '/public/api/v1/inboxes/:inbox_identifier'
const inbox = { inbox_identifier: Type.String() }
const shape = {
  description:
    'Webhooks that subscribe to `widget_opened` get it, at most once. Nothing is stored. They get the page only if the inbox records visits.',
  tags: ['Client'],
  body: NewOpening,
  response: { 204: Type.Null({ description: 'Reported.' }) },
}

/** The routes on which a page says that its visitor has opened the chat: as a contact, or before there is one. */
export function openingRoutes(app: Server, context: Context): void {
  const { read } = context.database
  const config = { public: true }

  const opening = {
    ...shape,
    summary: 'Report that you have opened the chat',
    params: Type.Object({ ...inbox, source_id: Type.String() }),
  }
  const ofContact = limiter(app as never, openingsPerMinute, contactKey)
  app.post(
    `${base}/contacts/:source_id/openings`,
    { config, schema: opening, preParsing: async (request) => ofContact(request) },
    async ({ customer, body, headers }, reply) => {
      const { account_id, inbox_id, contact_id } = customer
      await assertNotBlocked(read, account_id, contact_id)
      const inbox = await findChannelInbox(read, account_id, inbox_id)
      report(context, inbox, contact_id, body, headers)
      return reply.code(204).send(null)
    },
  )

  const byStranger = {
    ...shape,
    summary: 'Report that a visitor without a contact opened the chat',
    params: Type.Object(inbox),
  }
  const preParsing = strangerLimit(app, openingsPerMinute, openingsOfInboxPerMinute)
  app.post(
    `${base}/openings`,
    { config, schema: byStranger, preParsing },
    async ({ params, body, headers }, reply) => {
      report(context, await findOpenInbox(read, params.inbox_identifier), null, body, headers)
      return reply.code(204).send(null)
    },
  )
}

function report(
  context: Context,
  inbox: ChannelInbox | undefined,
  contactId: number | null,
  visit: NewVisit,
  headers: FastifyRequest['headers'],
): void {
  if (!inbox) throw notFound('inbox')
  const page = pageOf(recordsVisits(context, inbox) ? visit : {})
  sendOpening(context, inbox, contactId, { page, browser: browserOf(headers) })
}

/** Whether the team learns on which pages the visitors of an inbox are. */
export function recordsVisits(context: Context, { channel_type, settings }: ChannelInbox): boolean {
  return channels.of(context).of(channel_type).recordsVisits?.(settings) !== false
}
