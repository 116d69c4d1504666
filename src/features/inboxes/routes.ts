import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { channels } from './channels.ts'
import { addMembers, listMembers, removeMembers } from './members.ts'
import { Inbox, inboxChangeSchema, Member, newInboxSchema, Users } from './schema.ts'
import { listInboxes } from './service.ts'
import { addInbox, changeInbox, getInbox, removeInbox, rotateHmacToken } from './settings.ts'

const tags = ['Inboxes']
const params = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), inbox_id: id() })
const config = { administrator: true }

/** The routes of inboxes and their members, under an account. */
export function inboxRoutes(app: Server, context: Context): void {
  const { database } = context
  const { all } = channels.of(context)
  app.addSchema(Inbox)
  app.addSchema(Member)

  const list = {
    summary: 'List inboxes',
    description:
      'The inboxes that the token’s user sees: all of them for an administrator, otherwise those that the user is a member of.',
    tags,
    params,
    response: { 200: Type.Object({ payload: Type.Array(ref(Inbox)) }) },
  }
  app.get('/inboxes', { schema: list }, async (request) => {
    return { payload: await listInboxes(database.read, request.actor) }
  })

  const create = {
    summary: 'Create an inbox',
    tags,
    params,
    body: newInboxSchema(all),
    response: { 201: ref(Inbox) },
  }
  app.post('/inboxes', { schema: create, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return addInbox(database, actor, body)
  })

  const get = { summary: 'Get an inbox', tags, params: one, response: { 200: ref(Inbox) } }
  app.get('/inboxes/:inbox_id', { schema: get }, ({ actor, params }) =>
    getInbox(database.read, actor, params.inbox_id),
  )

  const change = {
    summary: 'Change an inbox',
    tags,
    params: one,
    body: inboxChangeSchema(all),
    response: { 200: ref(Inbox) },
  }
  app.patch('/inboxes/:inbox_id', { schema: change, config }, ({ actor, params, body }) =>
    changeInbox(database, actor, params.inbox_id, body),
  )

  const rotate = {
    summary: 'Rotate the key for identity validation',
    description:
      'Replaces the `hmac_token`. Hashes and tokens made with the old one are refused from now on.',
    tags,
    params: one,
    response: { 200: ref(Inbox) },
  }
  app.post('/inboxes/:inbox_id/rotate_hmac_token', { schema: rotate, config }, ({ actor, params }) =>
    rotateHmacToken(database, actor, params.inbox_id),
  )

  const remove = {
    summary: 'Delete an inbox',
    description: 'Refused (409) if the inbox has conversations, unless `force` deletes them, too.',
    tags,
    params: one,
    querystring: Type.Object({ force: Type.Boolean({ default: false }) }),
    response: { 204: Type.Null({ description: 'Deleted.' }) },
  }
  app.delete('/inboxes/:inbox_id', { schema: remove, config }, async ({ actor, params, query }, reply) => {
    await removeInbox(database, actor, params.inbox_id, query.force)
    reply.code(204)
    return null
  })
  memberRoutes(app, context)
}

function memberRoutes(app: Server, { database }: Context): void {
  const path = '/inbox_members/:inbox_id'
  const response = { 200: Type.Object({ payload: Type.Array(ref(Member)) }) }
  const shape = { tags, params: one, response }

  const list = { summary: 'List the members of an inbox', ...shape }
  app.get(path, { schema: list }, async ({ actor, params }) => ({
    payload: await listMembers(database.read, actor, params.inbox_id),
  }))

  const add = {
    summary: 'Add members to an inbox',
    description: 'Returns all members.',
    body: Users,
    ...shape,
  }
  app.post(path, { schema: add, config }, async ({ actor, params, body }) => ({
    payload: await addMembers(database, actor, params.inbox_id, body.user_ids),
  }))

  const remove = {
    summary: 'Remove members from an inbox',
    description:
      'Returns the remaining members. Conversations assigned to removed members are unassigned, unless the member is an administrator.',
    body: Users,
    ...shape,
  }
  app.delete(path, { schema: remove, config }, async ({ actor, params, body }) => ({
    payload: await removeMembers(database, actor, params.inbox_id, body.user_ids),
  }))
}
