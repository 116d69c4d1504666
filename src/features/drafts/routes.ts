import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { Draft, DraftConflict, NewDraft } from './schema.ts'
import { getDraft, setDraft } from './service.ts'

const tags = ['Drafts']
const params = Type.Object({ account_id: id(), conversation_id: id() })
const path = '/conversations/:conversation_id/draft'

export function draftRoutes(app: Server, { database }: Context): void {
  app.addSchema(Draft)
  app.addSchema(DraftConflict)

  const get = {
    summary: 'Get your draft in a conversation',
    tags,
    params,
    response: { 200: ref(Draft) },
  }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getDraft(database.read, actor, params.conversation_id),
  )

  const set = {
    summary: 'Set your draft in a conversation',
    description:
      'Nobody else sees it. Refused with 409 `stale` if it was changed in another browser; `draft` is the other one.',
    tags,
    params,
    body: NewDraft,
    response: { 200: ref(Draft), 409: ref(DraftConflict) },
  }
  app.put(path, { schema: set }, ({ actor, params, body }) =>
    setDraft(database, actor, params.conversation_id, body),
  )
}
