import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import {
  CustomAttributeDefinition,
  CustomAttributeDefinitionChange,
  CustomAttributeDefinitionQuery,
  NewCustomAttributeDefinition,
} from './schema.ts'
import {
  changeDefinition,
  createDefinition,
  getDefinition,
  listDefinitions,
  removeDefinition,
} from './service.ts'

const tags = ['Custom attributes']
const params = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), custom_attribute_definition_id: id() })
const config = { administrator: true }
const base = '/custom_attribute_definitions'
const path = `${base}/:custom_attribute_definition_id`

export function customAttributeRoutes(app: Server, { database }: Context): void {
  app.addSchema(CustomAttributeDefinition)

  const list = {
    summary: 'List custom attribute definitions',
    description: 'All of them, by name.',
    tags,
    params,
    querystring: CustomAttributeDefinitionQuery,
    response: { 200: Type.Object({ payload: Type.Array(ref(CustomAttributeDefinition)) }) },
  }
  app.get(base, { schema: list }, async ({ actor, query }) => ({
    payload: await listDefinitions(database.read, actor, query),
  }))

  const create = {
    summary: 'Define a custom attribute',
    description: 'From now on its values are checked. Those that are stored already stay as they are.',
    tags,
    params,
    body: NewCustomAttributeDefinition,
    response: { 201: ref(CustomAttributeDefinition) },
  }
  app.post(base, { schema: create, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createDefinition(database, actor, body)
  })

  const get = {
    summary: 'Get a custom attribute definition',
    tags,
    params: one,
    response: { 200: ref(CustomAttributeDefinition) },
  }
  app.get(path, { schema: get }, ({ actor, params }) =>
    getDefinition(database.read, actor, params.custom_attribute_definition_id),
  )

  const change = {
    summary: 'Change a custom attribute definition',
    description: 'Its model and key cannot be changed.',
    tags,
    params: one,
    body: CustomAttributeDefinitionChange,
    response: { 200: ref(CustomAttributeDefinition) },
  }
  app.patch(path, { schema: change, config }, ({ actor, params, body }) =>
    changeDefinition(database, actor, params.custom_attribute_definition_id, body),
  )

  const remove = {
    summary: 'Delete a custom attribute definition',
    description: 'The values of the attribute stay, and are no longer checked.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The definition is deleted.' }) },
  }
  app.delete(path, { schema: remove, config }, async ({ actor, params }, reply) => {
    await removeDefinition(database, actor, params.custom_attribute_definition_id)
    reply.code(204)
    return null
  })
}
