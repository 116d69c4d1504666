import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import type { Actor } from '../../lib/actor.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { Member } from '../inboxes/schema.ts'
import { AllParticipants, Participants } from './schema.ts'
import { addParticipants, listParticipants, removeParticipants, setParticipants } from './service.ts'

type Work = (database: Database, actor: Actor, conversationId: number, userIds: number[]) => Promise<Member[]>

export function participantRoutes(app: Server, { database }: Context): void {
  const url = '/conversations/:conversation_id/participants'
  const shape = {
    tags: ['Participants'],
    params: Type.Object({ account_id: id(), conversation_id: id() }),
    response: { 200: Type.Object({ payload: Type.Array(ref(Member)) }) },
  }

  const list = {
    summary: 'List the participants of a conversation',
    description: 'The agents who follow it, ordered by id.',
    querystring: listQuery(),
    ...shape,
  }
  app.get(url, { schema: list }, async ({ actor, params }) => ({
    payload: await listParticipants(database.read, actor, params.conversation_id),
  }))

  const route = (
    method: 'POST' | 'PATCH' | 'DELETE',
    text: { summary: string; description: string },
    body: typeof AllParticipants,
    work: Work,
  ) =>
    app.route({
      method,
      url,
      schema: { ...text, body, ...shape },
      handler: async ({ actor, params, body }) => ({
        payload: await work(database, actor, params.conversation_id, body.user_ids),
      }),
    })
  route(
    'POST',
    {
      summary: 'Add participants to a conversation',
      description: 'Members of the inbox and administrators can follow it. Returns all participants.',
    },
    Participants,
    addParticipants,
  )
  route(
    'PATCH',
    { summary: 'Set the participants of a conversation', description: 'Returns them.' },
    AllParticipants,
    setParticipants,
  )
  route(
    'DELETE',
    {
      summary: 'Remove participants from a conversation',
      description: 'Users who do not follow it are ignored. Returns the remaining participants.',
    },
    Participants,
    removeParticipants,
  )
}
