import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import {
  type AttributeModel,
  attributeModels,
  attributeTypes,
  type CustomAttributeDefinition,
  CustomAttributeDefinitionChange,
  NewCustomAttributeDefinition,
} from '../../custom-attributes/schema.ts'
import {
  changeDefinition,
  createDefinition,
  getDefinition,
  listDefinitions,
  removeDefinition,
} from '../../custom-attributes/service.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { accountPath, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), custom_attribute_definition_id: id() })
const config = { administrator: true }
const wrapper = 'custom_attribute_definition'

/** The numbers of Chatwoot are the positions of the words. */
const models: readonly AttributeModel[] = ['conversation_attribute', 'contact_attribute']

/** Definitions of custom attributes. */
export function attributeRoutes(app: Server, { database }: Context): void {
  const { read } = database
  const base = `${accountPath}/custom_attribute_definitions`
  const path = `${base}/:custom_attribute_definition_id`

  app.get(base, { schema: { params: account } }, async (request) => {
    const model = wordOf(models, parametersOf(request).raw('attribute_model'))
    const isKnown = (attributeModels as readonly unknown[]).includes(model)
    const query = isKnown ? { attribute_model: model as AttributeModel } : {}
    return (await listDefinitions(read, request.actor, query)).map(toDefinition)
  })
  app.get(path, { schema: { params } }, async ({ actor, params }) =>
    toDefinition(await getDefinition(read, actor, params.custom_attribute_definition_id)),
  )
  const created = reading((parameters) => {
    return {
      ...fieldsOf(parameters),
      attribute_model: wordOf(models, parameters.raw('attribute_model')) ?? 'conversation_attribute',
      attribute_key: parameters.text('attribute_key'),
    }
  }, wrapper)
  app.post(
    base,
    { schema: { params: account, body: NewCustomAttributeDefinition }, config, ...created },
    async ({ actor, body }) => toDefinition(await createDefinition(database, actor, body)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: CustomAttributeDefinitionChange },
    config,
    ...reading(fieldsOf, wrapper),
    handler: async ({ actor, params, body }) =>
      toDefinition(await changeDefinition(database, actor, params.custom_attribute_definition_id, body)),
  })
  app.delete(path, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await removeDefinition(database, actor, params.custom_attribute_definition_id)
    return reply.send()
  })
}

function fieldsOf(parameters: Parameters) {
  const { text } = parameters
  return {
    attribute_display_name: parameters.text('attribute_display_name'),
    attribute_display_type: wordOf(attributeTypes, parameters.raw('attribute_display_type')),
    attribute_description: parameters.cleared('attribute_description', text),
    attribute_values: parameters.texts('attribute_values'),
    regex_pattern: parameters.cleared('regex_pattern', text),
    regex_cue: parameters.cleared('regex_cue', text),
  }
}

/** A word, or the number that stands for it. Anything else stays as it is, and the schema refuses it. */
function wordOf(words: readonly string[], value: unknown): unknown {
  return words[/^\d$/.test(String(value)) ? Number(value) : -1] ?? value
}

function toDefinition({ created_at, updated_at, ...definition }: CustomAttributeDefinition) {
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
  return { ...definition, default_value: null, created_at: iso(created_at), updated_at: iso(updated_at) }
}
