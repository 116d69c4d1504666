import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import {
  type CannedResponse,
  CannedResponseChange,
  NewCannedResponse,
} from '../../canned-responses/schema.ts'
import {
  changeCannedResponse,
  createCannedResponse,
  listCannedResponses,
  removeCannedResponse,
} from '../../canned-responses/service.ts'
import { type Label, LabelChange, NewLabel } from '../../labels/schema.ts'
import { changeLabel, createLabel, getLabel, listLabels, removeLabel } from '../../labels/service.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { accountPath, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const config = { administrator: true }

/** Labels and canned responses. */
export function settingRoutes(app: Server, context: Context): void {
  labelRoutes(app, context)
  cannedResponseRoutes(app, context)
}

function labelRoutes(app: Server, { database }: Context): void {
  const { read } = database
  const params = Type.Object({ account_id: id(), label_id: id() })
  const base = `${accountPath}/labels`
  const path = `${base}/:label_id`
  const fieldsOf = (parameters: Parameters) => ({
    title: parameters.text('title')?.trim().toLowerCase(),
    color: parameters.text('color'),
    show_on_sidebar: parameters.flag('show_on_sidebar'),
  })

  app.get(base, { schema: { params: account } }, async ({ actor }) => ({
    payload: (await listLabels(read, actor)).map(toLabel),
  }))
  app.get(path, { schema: { params } }, async ({ actor, params }) =>
    toLabel(await getLabel(read, actor, params.label_id)),
  )
  const created = reading(
    (parameters) => ({ ...fieldsOf(parameters), description: parameters.text('description') }),
    'label',
  )
  app.post(
    base,
    { schema: { params: account, body: NewLabel }, config, ...created },
    async ({ actor, body }) => toLabel(await createLabel(database, actor, body)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: LabelChange },
    config,
    ...reading(
      (parameters) => ({
        ...fieldsOf(parameters),
        description: parameters.cleared('description', parameters.text),
      }),
      'label',
    ),
    handler: async ({ actor, params, body }) =>
      toLabel(await changeLabel(database, actor, params.label_id, body)),
  })
  app.delete(path, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await removeLabel(database, actor, params.label_id)
    return reply.send()
  })
}

function toLabel({ id, title, description, color, show_on_sidebar }: Label) {
  return { id, title, description, color, show_on_sidebar }
}

function cannedResponseRoutes(app: Server, { database }: Context): void {
  const { longReads } = database
  const params = Type.Object({ account_id: id(), canned_response_id: id() })
  const base = `${accountPath}/canned_responses`
  const path = `${base}/:canned_response_id`
  // Chatwoot has no pages here, and its clients ask for none.
  const mostPages = 20
  const fields = reading(
    (parameters) => ({ short_code: parameters.text('short_code'), content: parameters.text('content') }),
    'canned_response',
  )

  app.get(base, { schema: { params: account } }, async (request) => {
    const { actor } = request
    const search = parametersOf(request).text('search')?.slice(0, 100)
    const all: CannedResponse[] = []
    for (let page = 1; page <= mostPages; page++) {
      const query = { page, ...(search === undefined ? {} : { search }) }
      const { payload, meta } = await listCannedResponses(longReads, actor, query)
      all.push(...payload)
      if (!meta.has_more) break
    }
    return all.map((one) => toCanned(one, actor.accountId))
  })
  app.post(
    base,
    { schema: { params: account, body: NewCannedResponse }, ...fields },
    async ({ actor, body }) => toCanned(await createCannedResponse(database, actor, body), actor.accountId),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: CannedResponseChange },
    ...fields,
    handler: async ({ actor, params, body }) => {
      const { canned_response_id } = params
      const changed = await changeCannedResponse(database, actor, canned_response_id, body)
      return toCanned(changed, actor.accountId)
    },
  })
  app.delete(path, { schema: { params } }, async ({ actor, params }, reply) => {
    await removeCannedResponse(database, actor, params.canned_response_id)
    return reply.send()
  })
}

function toCanned({ id, short_code, content, created_at, updated_at }: CannedResponse, accountId: number) {
  return { id, account_id: accountId, short_code, content, ...isoTimes({ created_at, updated_at }) }
}

function isoTimes({ created_at, updated_at }: { created_at: number; updated_at: number }) {
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
  return { created_at: iso(created_at), updated_at: iso(updated_at) }
}
