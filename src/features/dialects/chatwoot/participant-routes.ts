import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import { AllParticipants } from '../../participants/schema.ts'
import {
  addParticipants,
  listParticipants,
  removeParticipants,
  setParticipants,
} from '../../participants/service.ts'
import { showMembers } from './members.ts'
import { accountPath, reading } from './scope.ts'

const params = Type.Object({ account_id: id(), conversation_id: id() })
const path = `${accountPath}/conversations/:conversation_id/participants`

/** Those who follow a conversation. */
export function participantRoutes(app: Server, { database }: Context): void {
  const { read } = database
  const options = {
    schema: { params, body: AllParticipants },
    ...reading((parameters) => ({ user_ids: parameters.numbers('user_ids') ?? [] })),
  }
  app.get(path, { schema: { params } }, async ({ actor, params }) =>
    showMembers(read, actor, await listParticipants(read, actor, params.conversation_id)),
  )
  app.post(path, options, async ({ actor, params, body }) =>
    showMembers(read, actor, await addParticipants(database, actor, params.conversation_id, body.user_ids)),
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    ...options,
    handler: async ({ actor, params, body }) =>
      showMembers(read, actor, await setParticipants(database, actor, params.conversation_id, body.user_ids)),
  })
  app.delete(path, options, async ({ actor, params, body }, reply) => {
    await removeParticipants(database, actor, params.conversation_id, body.user_ids)
    return reply.send()
  })
}
