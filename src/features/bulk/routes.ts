import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { BulkAction, NewBulkAction } from './schema.ts'
import { getBulkAction, listBulkActions, startBulkAction, stopBulkAction, undoBulkAction } from './service.ts'

const tags = ['Bulk actions']
const account = { account_id: id() }
const one = Type.Object({ ...account, bulk_action_id: id() })

export function bulkRoutes(app: Server, { database }: Context): void {
  app.addSchema(BulkAction)

  const start = {
    summary: 'Change many conversations',
    description:
      'Runs actions on conversations, in the background. They are listed before the first one is changed.',
    tags,
    params: Type.Object(account),
    body: NewBulkAction,
    response: { 201: ref(BulkAction) },
  }
  app.post('/bulk_actions', { schema: start }, async ({ actor, body }, reply) => {
    reply.code(201)
    return startBulkAction(database, actor, body)
  })

  const list = {
    summary: 'List bulk actions',
    description: 'Your latest ones. They are kept for a day after their end.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Object({ payload: Type.Array(ref(BulkAction)) }) },
  }
  app.get('/bulk_actions', { schema: list }, async ({ actor }) => ({
    payload: await listBulkActions(database.longReads, actor),
  }))

  const get = {
    summary: 'Get a bulk action',
    description: 'With its progress.',
    tags,
    params: one,
    response: { 200: ref(BulkAction) },
  }
  app.get('/bulk_actions/:bulk_action_id', { schema: get }, ({ actor, params }) =>
    getBulkAction(database.read, actor, params.bulk_action_id),
  )

  const stop = {
    summary: 'Stop a bulk action',
    description: 'What it has done stays. One that has ended is not changed.',
    tags,
    params: one,
    response: { 200: ref(BulkAction) },
  }
  app.post('/bulk_actions/:bulk_action_id/stop', { schema: stop }, ({ actor, params }) =>
    stopBulkAction(database, actor, params.bulk_action_id),
  )

  const undo = {
    summary: 'Undo a bulk action',
    description:
      'While it is running and within an hour of its end, by the user who ran it. Conversations in which something has changed since stay as they are.',
    tags,
    params: one,
    response: { 200: ref(BulkAction) },
  }
  app.post('/bulk_actions/:bulk_action_id/undo', { schema: undo }, ({ actor, params }) =>
    undoBulkAction(database, actor, params.bulk_action_id),
  )
}
