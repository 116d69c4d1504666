import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import type { Actor } from '../../lib/actor.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { channels } from './channels.ts'
import { addMembers, assertInbox, listMembers, removeMembers, setMembers } from './members.ts'
import { AllUsers, Inbox, inboxChangeSchema, Member, newInboxSchema, Users } from './schema.ts'
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
    querystring: listQuery(),
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

type MemberWork = (database: Database, actor: Actor, inboxId: number, userIds: number[]) => Promise<Member[]>

function memberRoutes(app: Server, { database }: Context): void {
  const path = '/inbox_members/:inbox_id'
  const shape = { tags, response: { 200: Type.Object({ payload: Type.Array(ref(Member)) }) } }

  const list = { summary: 'List the members of an inbox', params: one, querystring: listQuery(), ...shape }
  app.get(path, { schema: list }, async ({ actor, params }) => ({
    payload: await listMembers(database.read, actor, params.inbox_id),
  }))

  /** Adds a call with the inbox in its path, and one with the inbox in its body. */
  const route = (
    method: 'POST' | 'PATCH' | 'DELETE',
    text: { summary: string; description: string },
    body: typeof AllUsers,
    work: MemberWork,
  ) => {
    const byPath = { ...text, params: one, body, ...shape }
    app.route({
      method,
      url: path,
      schema: byPath,
      config,
      handler: async ({ actor, params, body }) => ({
        payload: await work(database, actor, params.inbox_id, body.user_ids),
      }),
    })
    const named = Type.Object({ inbox_id: id(), ...body.properties })
    const summary = `${text.summary} that the body names`
    app.route({
      method,
      url: '/inbox_members',
      schema: { ...text, summary, params, body: named, ...shape },
      config,
      handler: async ({ actor, body }) => {
        await assertInbox(database.read, actor, body.inbox_id)
        return { payload: await work(database, actor, body.inbox_id, body.user_ids) }
      },
    })
  }
  route(
    'POST',
    { summary: 'Add members to an inbox', description: 'Returns all members.' },
    Users,
    addMembers,
  )
  const rule =
    'Conversations assigned to removed members are unassigned, unless the member is an administrator.'
  route(
    'PATCH',
    { summary: 'Set the members of an inbox', description: `Returns them. ${rule}` },
    AllUsers,
    setMembers,
  )
  route(
    'DELETE',
    { summary: 'Remove members from an inbox', description: `Returns the remaining members. ${rule}` },
    Users,
    removeMembers,
  )
}
