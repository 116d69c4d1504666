import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id } from '../../lib/schema.ts'
import { checkInbox } from './service.ts'

/** The routes that concern the channel of an inbox, under an account. */
export function channelRoutes(app: Server, context: Context): void {
  const check = {
    summary: 'Try the settings of an inbox',
    description:
      'For example by signing in at the provider; takes up to 10 seconds. Returns what is wrong with the settings.',
    tags: ['Inboxes'],
    params: Type.Object({ account_id: id(), inbox_id: id() }),
    response: {
      200: Type.Object({
        payload: Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
          description: 'Empty if they work, and if the channel has nothing to try.',
        }),
      }),
    },
  }
  const config = { administrator: true }
  app.post('/inboxes/:inbox_id/check', { schema: check, config }, async ({ actor, params }) => ({
    payload: await checkInbox(context, actor, params.inbox_id),
  }))
}
