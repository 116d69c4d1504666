import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { id } from '../../../lib/schema.ts'
import { AllUsers } from '../../inboxes/schema.ts'
import { teamIdsOf } from '../../teams/parts.store.ts'
import { NewTeam, type Team, TeamChange } from '../../teams/schema.ts'
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
} from '../../teams/service.ts'
import { showMembers } from './members.ts'
import { toTeam } from './objects/team.ts'
import type { Parameters } from './parameters.ts'
import { accountPath, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), team_id: id() })
const config = { administrator: true }
const base = `${accountPath}/teams`
const path = `${base}/:team_id`

export function teamRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database

  async function show({ accountId, userId }: Actor, teams: Team[]) {
    const own = new Set(await teamIdsOf(read, accountId, userId))
    return teams.map((team) => toTeam(team, accountId, own))
  }
  const showOne = async (actor: Actor, team: Promise<Team>) => (await show(actor, [await team]))[0]

  app.get(base, { schema: { params: account } }, async ({ actor }) =>
    show(actor, await listTeams(read, actor)),
  )
  app.get(path, { schema: { params } }, ({ actor, params }) =>
    showOne(actor, getTeam(read, actor, params.team_id)),
  )
  app.post(
    base,
    {
      schema: { params: account, body: NewTeam },
      config,
      ...reading(
        (parameters) => ({
          ...fieldsOf(parameters),
          description: parameters.text('description'),
        }),
        'team',
      ),
    },
    ({ actor, body }) => showOne(actor, createTeam(database, actor, body)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: TeamChange },
    config,
    ...reading(
      (parameters) => ({
        ...fieldsOf(parameters),
        description: parameters.cleared('description', parameters.text),
      }),
      'team',
    ),
    handler: ({ actor, params, body }) => showOne(actor, changeTeam(database, actor, params.team_id, body)),
  })
  app.delete(path, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await removeTeam(database, actor, params.team_id)
    return reply.send()
  })
  memberRoutes(app, context)
}

/** As in Chatwoot, names are in small letters. */
function fieldsOf(parameters: Parameters): object {
  const name = parameters.text('name')?.toLowerCase()
  return { name, allow_auto_assign: parameters.flag('allow_auto_assign') }
}

function memberRoutes(app: Server, { database }: Context): void {
  const { read } = database
  const url = `${path}/team_members`
  const options = {
    schema: { params, body: AllUsers },
    config,
    ...reading((parameters) => ({ user_ids: parameters.numbers('user_ids') ?? [] })),
  }
  app.get(url, { schema: { params } }, async ({ actor, params }) =>
    showMembers(read, actor, await listMembers(read, actor, params.team_id)),
  )
  app.post(url, options, async ({ actor, params, body }) =>
    showMembers(read, actor, await addMembers(database, actor, params.team_id, body.user_ids)),
  )
  app.patch(url, options, async ({ actor, params, body }) =>
    showMembers(read, actor, await setMembers(database, actor, params.team_id, body.user_ids)),
  )
  app.delete(url, options, async ({ actor, params, body }, reply) => {
    await removeMembers(database, actor, params.team_id, body.user_ids)
    return reply.send()
  })
}
