import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { Label, LabelChange, NewLabel } from './schema.ts'
import { changeLabel, createLabel, getLabel, listLabels, removeLabel } from './service.ts'

const tags = ['Labels']
const params = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), label_id: id() })
const config = { administrator: true }

export function labelRoutes(app: Server, { database }: Context): void {
  app.addSchema(Label)

  const list = {
    summary: 'List labels',
    tags,
    params,
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(Label)) }) },
  }
  app.get('/labels', { schema: list }, async ({ actor }) => ({
    payload: await listLabels(database.read, actor),
  }))

  const create = { summary: 'Create a label', tags, params, body: NewLabel, response: { 201: ref(Label) } }
  app.post('/labels', { schema: create, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createLabel(database, actor, body)
  })

  const get = { summary: 'Get a label', tags, params: one, response: { 200: ref(Label) } }
  app.get('/labels/:label_id', { schema: get }, ({ actor, params }) =>
    getLabel(database.read, actor, params.label_id),
  )

  const change = {
    summary: 'Change a label',
    description: 'Its conversations show the new title at once.',
    tags,
    params: one,
    body: LabelChange,
    response: { 200: ref(Label) },
  }
  app.patch('/labels/:label_id', { schema: change, config }, ({ actor, params, body }) =>
    changeLabel(database, actor, params.label_id, body),
  )

  const remove = {
    summary: 'Delete a label',
    description: 'The label is removed from all conversations.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The label is deleted.' }) },
  }
  app.delete('/labels/:label_id', { schema: remove, config }, async ({ actor, params }, reply) => {
    await removeLabel(database, actor, params.label_id)
    reply.code(204)
    return null
  })
}
