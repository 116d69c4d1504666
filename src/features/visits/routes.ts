import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { Visit } from './schema.ts'
import { listVisits } from './service.ts'

/** The route that shows agents where a contact is. */
export function visitRoutes(app: Server, { database }: Context): void {
  app.addSchema(Visit)

  const list = {
    summary: 'List the visits of a contact',
    description:
      'Where the contact was last seen: one visit for each inbox that the token’s user sees, latest first. The browser of the contact says all of it.',
    tags: ['Contacts'],
    params: Type.Object({ account_id: id(), contact_id: id() }),
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(Visit)) }) },
  }
  app.get('/contacts/:contact_id/visits', { schema: list }, async ({ actor, params }) => ({
    payload: await listVisits(database.read, actor, params.contact_id),
  }))
}
