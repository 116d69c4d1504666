import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { id } from '../../../lib/schema.ts'
import { runMacro } from '../../macros/running.ts'
import { type Macro, MacroChange, NewMacro } from '../../macros/schema.ts'
import { changeMacro, createMacro, getMacro, listMacros, removeMacro } from '../../macros/service.ts'
import { readAction, toMacro } from './objects/macro.ts'
import type { Parameters } from './parameters.ts'
import { selectByIds } from './related.store.ts'
import { accountPath, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), macro_id: id() })
const base = `${accountPath}/macros`
const path = `${base}/:macro_id`
// Each runs in a transaction of its own.
const mostConversations = 100
const Targets = Type.Object({
  conversation_ids: Type.Array(id(), { minItems: 1, maxItems: mostConversations }),
})

/** Macros. */
export function macroRoutes(app: Server, { database }: Context): void {
  const { read } = database

  async function show({ accountId }: Actor, macros: Macro[]) {
    const authors = macros.map(({ author_id }) => author_id)
    const users = await selectByIds(read, 'users', accountId, authors)
    return macros.map((macro) => toMacro(macro, accountId, users))
  }
  const showOne = async (actor: Actor, macro: Macro) => ({ payload: (await show(actor, [macro]))[0]! })

  app.get(base, { schema: { params: account } }, async ({ actor }) => ({
    payload: await show(actor, await listMacros(database.longReads, actor)),
  }))
  app.get(path, { schema: { params } }, async ({ actor, params }) =>
    showOne(actor, await getMacro(read, actor, params.macro_id)),
  )
  const isPersonal = (parameters: Parameters) => parameters.text('visibility') !== 'global'
  const actionsOf = (parameters: Parameters, userId: number) => {
    const actions = parameters.object('actions')
    return Array.isArray(actions) ? actions.map((one) => readAction(one, userId)) : actions
  }
  app.post(
    base,
    {
      schema: { params: account, body: NewMacro },
      ...reading((parameters, { actor }) => ({
        name: parameters.text('name'),
        visibility: isPersonal(parameters) ? 'mine' : 'account',
        actions: actionsOf(parameters, actor.userId),
      })),
    },
    async ({ actor, body }) => showOne(actor, await createMacro(database, actor, body)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: MacroChange },
    ...reading((parameters, { actor }) => ({
      name: parameters.text('name'),
      actions: actionsOf(parameters, actor.userId),
    })),
    handler: async ({ actor, params, body }) =>
      showOne(actor, await changeMacro(database, actor, params.macro_id, body)),
  })
  app.delete(path, { schema: { params } }, async ({ actor, params }, reply) => {
    await removeMacro(database, actor, params.macro_id)
    return reply.send()
  })
  app.post(
    `${path}/execute`,
    {
      schema: { params, body: Targets },
      ...reading((parameters) => ({ conversation_ids: parameters.numbers('conversation_ids') })),
    },
    async ({ actor, params, body }, reply) => {
      for (const conversation of body.conversation_ids)
        await runMacro(database, actor, params.macro_id, conversation)
      return reply.send()
    },
  )
}
