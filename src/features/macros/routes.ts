import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { previewMacro, runMacro, undoRun } from './running.ts'
import { Macro, MacroChange, MacroPreview, MacroRun, MacroTarget, NewMacro } from './schema.ts'
import { changeMacro, createMacro, getMacro, listMacros, removeMacro } from './service.ts'

const tags = ['Macros']
const account = { account_id: id() }
const one = Type.Object({ ...account, macro_id: id() })

export function macroRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Macro)
  app.addSchema(MacroRun)

  const list = {
    summary: 'List macros',
    description: 'Those of the account and your own, by name.',
    tags,
    params: Type.Object(account),
    response: { 200: Type.Object({ payload: Type.Array(ref(Macro)) }) },
  }
  app.get('/macros', { schema: list }, async ({ actor }) => ({
    payload: await listMacros(database.longReads, actor),
  }))

  const create = {
    summary: 'Create a macro',
    tags,
    params: Type.Object(account),
    body: NewMacro,
    response: { 201: ref(Macro) },
  }
  app.post('/macros', { schema: create }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createMacro(database, actor, body)
  })

  const get = { summary: 'Get a macro', tags, params: one, response: { 200: ref(Macro) } }
  app.get('/macros/:macro_id', { schema: get }, ({ actor, params }) =>
    getMacro(database.read, actor, params.macro_id),
  )

  const change = {
    summary: 'Change a macro',
    description: 'Its author and administrators may.',
    tags,
    params: one,
    body: MacroChange,
    response: { 200: ref(Macro) },
  }
  app.patch('/macros/:macro_id', { schema: change }, ({ actor, params, body }) =>
    changeMacro(database, actor, params.macro_id, body),
  )

  const remove = {
    summary: 'Delete a macro',
    description: 'Its author and administrators may.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The macro is deleted.' }) },
  }
  app.delete('/macros/:macro_id', { schema: remove }, async ({ actor, params }, reply) => {
    await removeMacro(database, actor, params.macro_id)
    reply.code(204)
    return null
  })
  runRoutes(app, context)
}

function runRoutes(app: Server, { database }: Context): void {
  const shape = { tags, params: one, body: MacroTarget }

  const preview = {
    summary: 'Preview a macro',
    description: 'What it would do to a conversation. Nothing is changed.',
    ...shape,
    response: { 200: MacroPreview },
  }
  app.post('/macros/:macro_id/preview', { schema: preview }, ({ actor, params, body }) =>
    previewMacro(database, actor, params.macro_id, body.conversation_id),
  )

  const run = {
    summary: 'Run a macro',
    description: 'Runs all of its actions on a conversation, or none of them if one is refused.',
    ...shape,
    response: { 201: ref(MacroRun) },
  }
  app.post('/macros/:macro_id/execute', { schema: run }, async ({ actor, params, body }, reply) => {
    reply.code(201)
    return runMacro(database, actor, params.macro_id, body.conversation_id)
  })

  const undo = {
    summary: 'Undo a macro',
    description:
      'Within five minutes, by the user who ran it. Refused with 409 `stale` if something has changed since.',
    tags,
    params: Type.Object({ ...account, macro_run_id: id() }),
    response: { 200: ref(MacroRun) },
  }
  app.post('/macro_runs/:macro_run_id/undo', { schema: undo }, ({ actor, params }) =>
    undoRun(database, actor, params.macro_run_id),
  )
}
