import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery } from '../../lib/schema.ts'
import { VisitorLabels } from './schema.ts'
import { listVisitorLabels, setVisitorLabels } from './visitor-labels.ts'

/** The labels that the contacts of an inbox may set and remove in their conversations. */
export function visitorLabelRoutes(app: Server, { database }: Context): void {
  const path = '/inboxes/:inbox_id/visitor_labels'
  const shape = {
    tags: ['Inboxes'],
    params: Type.Object({ account_id: id(), inbox_id: id() }),
    response: { 200: Type.Object({ payload: Type.Array(Type.String(), { description: 'Titles.' }) }) },
  }

  const list = { summary: 'List the labels that visitors may set', querystring: listQuery(), ...shape }
  app.get(path, { schema: list }, async ({ actor, params }) => ({
    payload: await listVisitorLabels(database.read, actor, params.inbox_id),
  }))

  const set = {
    summary: 'Choose the labels that visitors may set',
    description:
      'Contacts of the inbox may set and remove these labels in their own conversations, with the client API or the JavaScript of a page. Replaces all of them; without a label they may set none.',
    body: VisitorLabels,
    ...shape,
  }
  app.put(path, { schema: set, config: { administrator: true } }, async ({ actor, params, body }) => ({
    payload: await setVisitorLabels(database, actor, params.inbox_id, body.labels),
  }))
}
