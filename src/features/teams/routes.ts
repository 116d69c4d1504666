import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { AllUsers, Member, Users } from '../inboxes/schema.ts'
import { NewTeam, Team, TeamChange } from './schema.ts'
import {
  addMembers,
  changeTeam,
  createTeam,
  getTeam,
  listMembers,
  listTeams,
  removeMembers,
  removeTeam,
  setMembers,
} from './service.ts'

const tags = ['Teams']
const params = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), team_id: id() })
const config = { administrator: true }

export function teamRoutes(app: Server, context: Context): void {
  const { database } = context
  app.addSchema(Team)

  const list = {
    summary: 'List teams',
    tags,
    params,
    querystring: listQuery(),
    response: { 200: Type.Array(ref(Team)) },
  }
  app.get('/teams', { schema: list }, ({ actor }) => listTeams(database.read, actor))

  const create = { summary: 'Create a team', tags, params, body: NewTeam, response: { 201: ref(Team) } }
  app.post('/teams', { schema: create, config }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createTeam(database, actor, body)
  })

  const get = { summary: 'Get a team', tags, params: one, response: { 200: ref(Team) } }
  app.get('/teams/:team_id', { schema: get }, ({ actor, params }) =>
    getTeam(database.read, actor, params.team_id),
  )

  const change = {
    summary: 'Change a team',
    tags,
    params: one,
    body: TeamChange,
    response: { 200: ref(Team) },
  }
  app.patch('/teams/:team_id', { schema: change, config }, ({ actor, params, body }) =>
    changeTeam(database, actor, params.team_id, body),
  )

  const remove = {
    summary: 'Delete a team',
    description: 'Its conversations no longer belong to a team.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The team is deleted.' }) },
  }
  app.delete('/teams/:team_id', { schema: remove, config }, async ({ actor, params }, reply) => {
    await removeTeam(database, actor, params.team_id)
    reply.code(204)
    return null
  })
  memberRoutes(app, context)
}

function memberRoutes(app: Server, { database }: Context): void {
  const path = '/teams/:team_id/team_members'
  const shape = { tags, params: one, response: { 200: Type.Array(ref(Member)) } }

  const list = { summary: 'List the members of a team', querystring: listQuery(), ...shape }
  app.get(path, { schema: list }, ({ actor, params }) => listMembers(database.read, actor, params.team_id))

  const add = {
    summary: 'Add members to a team',
    description: 'Returns all members.',
    body: Users,
    ...shape,
  }
  app.post(path, { schema: add, config }, ({ actor, params, body }) =>
    addMembers(database, actor, params.team_id, body.user_ids),
  )

  const set = { summary: 'Set the members of a team', description: 'Returns them.', body: AllUsers, ...shape }
  app.patch(path, { schema: set, config }, ({ actor, params, body }) =>
    setMembers(database, actor, params.team_id, body.user_ids),
  )

  const remove = {
    summary: 'Remove members from a team',
    description: 'Returns the remaining members.',
    body: Users,
    ...shape,
  }
  app.delete(path, { schema: remove, config }, ({ actor, params, body }) =>
    removeMembers(database, actor, params.team_id, body.user_ids),
  )
}
