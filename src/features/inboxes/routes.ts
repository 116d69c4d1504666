import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { Inbox } from './schema.ts'
import { listInboxes } from './service.ts'

export function inboxRoutes(app: Server, database: Database): void {
  app.addSchema(Inbox)

  const list = {
    summary: 'List inboxes',
    description: 'The inboxes that the token’s user may work in.',
    tags: ['Inboxes'],
    params: Type.Object({ account_id: id() }),
    response: { 200: Type.Object({ payload: Type.Array(ref(Inbox)) }) },
  }
  app.get('/inboxes', { schema: list }, async (request) => {
    return { payload: await listInboxes(database.read, request.actor) }
  })
}
