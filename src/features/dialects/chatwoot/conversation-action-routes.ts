import { type TProperties, Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { id } from '../../../lib/schema.ts'
import { getBot } from '../../bots/service.ts'
import { sendTranscript } from '../../channels/email/outgoing/transcript.ts'
import { changeContact } from '../../contacts/change.ts'
import { assigneeChange } from '../../conversations/assignee.ts'
import { changeConversation, setCustomAttributes, toggleStatus } from '../../conversations/change.ts'
import { getConversation } from '../../conversations/event-log.ts'
import { setLabels } from '../../conversations/labelling.ts'
import { markUnread, updateLastSeen } from '../../conversations/last-seen.ts'
import {
  Assignment,
  type Conversation,
  CustomAttributes,
  Labelling,
  PriorityChange,
  StatusChange,
} from '../../conversations/schema.ts'
import { ensureLabels } from '../../labels/service.ts'
import { TypingChange } from '../../realtime/schema.ts'
import { changeTyping } from '../../realtime/service.ts'
import { teamIdsOf } from '../../teams/parts.store.ts'
import { getTeam } from '../../teams/service.ts'
import { findAgent } from '../../users/service.ts'
import { showConversation } from './conversations.ts'
import { labelTitles } from './label-parameters.ts'
import { botPush } from './objects/bot.ts'
import { toTeam } from './objects/team.ts'
import { toAgent } from './objects/user.ts'
import { accountPath, reading } from './scope.ts'

const params = Type.Object({ account_id: id(), conversation_id: id() })
const path = `${accountPath}/conversations/:conversation_id`

/** What agents and bots do with a conversation. */
export function conversationActionRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database
  const schema = { params }
  stateRoutes(app, context)

  app.post(
    `${path}/assignments`,
    {
      schema: { params, body: Assignment },
      // Nobody has the number 0. An assignee goes before a team.
      ...reading((parameters) => {
        const assignee_id = parameters.cleared('assignee_id', parameters.number)
        const team_id = parameters.cleared('team_id', parameters.number)
        const isBot = parameters.text('assignee_type') === 'AgentBot'
        return parameters.has('assignee_id')
          ? { assignee_id: assignee_id || null, assignee_type: isBot ? 'AgentBot' : 'User' }
          : { team_id: team_id || null }
      }),
    },
    async ({ actor, params, body }, reply) => {
      const { assignee_id, assignee_type, ...team } = body
      const change = assignee_id === undefined ? team : assigneeChange(assignee_type, assignee_id)
      await changeConversation(database, actor, params.conversation_id, change)
      const shown = await assigned(actor, body)
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(shown))
    },
  )

  async function assigned(actor: Actor, { assignee_id, assignee_type, team_id }: Assignment) {
    const { accountId, userId } = actor
    if (assignee_id && assignee_type === 'AgentBot') return botPush(await getBot(read, actor, assignee_id))
    if (assignee_id) return toAgent((await findAgent(read, accountId, assignee_id))!, accountId)
    if (!team_id) return null
    const ownTeams = new Set(await teamIdsOf(read, accountId, userId))
    return toTeam(await getTeam(read, actor, team_id), accountId, ownTeams)
  }

  app.get(`${path}/labels`, { schema }, async ({ actor, params }) => ({
    payload: (await getConversation(read, actor, params.conversation_id)).labels,
  }))
  app.post(
    `${path}/labels`,
    { schema: { params, body: Labelling }, ...reading(labelTitles) },
    async ({ actor, params, body }) => {
      const { conversation_id } = params
      // Before new labels, so that a conversation that nobody sees changes nothing.
      await getConversation(read, actor, conversation_id)
      await ensureLabels(database, actor, body.labels)
      return { payload: (await setLabels(database, actor, conversation_id, body.labels)).labels }
    },
  )

  app.post(
    `${path}/custom_attributes`,
    {
      schema: { params, body: CustomAttributes },
      ...reading((parameters) => ({ custom_attributes: parameters.object('custom_attributes') ?? {} })),
    },
    async ({ actor, params, body }) => {
      const { conversation_id } = params
      const changed = await setCustomAttributes(database, actor, conversation_id, body.custom_attributes)
      return { custom_attributes: changed.custom_attributes }
    },
  )

  const seen = async (actor: Actor, work: Promise<Conversation>) => showConversation(read, actor, await work)
  app.post(`${path}/update_last_seen`, { schema }, ({ actor, params }) =>
    seen(actor, updateLastSeen(database, actor, params.conversation_id)),
  )
  app.post(`${path}/unread`, { schema }, ({ actor, params }) =>
    seen(actor, markUnread(database, actor, params.conversation_id)),
  )
}

/** Calls that change the state of a conversation or of its contact, most with an empty response. */
function stateRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database
  const withBody = <P extends TProperties>(properties: P) => ({ params, body: Type.Object(properties) })

  app.post(
    `${path}/toggle_status`,
    {
      schema: { params, body: StatusChange },
      ...reading((parameters) => {
        const status = parameters.text('status')
        return {
          status,
          snoozed_until: status === 'snoozed' ? parameters.number('snoozed_until') : undefined,
        }
      }),
    },
    async ({ actor, params, body }) => {
      const { id, status, snoozed_until } = await toggleStatus(database, actor, params.conversation_id, body)
      const until = snoozed_until === null ? null : new Date(snoozed_until * 1000).toISOString()
      const payload = { success: true, conversation_id: id, current_status: status, snoozed_until: until }
      return { meta: {}, payload }
    },
  )

  app.post(
    `${path}/toggle_priority`,
    {
      schema: { params, body: PriorityChange },
      ...reading((parameters) => ({ priority: parameters.text('priority') ?? null })),
    },
    async ({ actor, params, body }, reply) => {
      await changeConversation(database, actor, params.conversation_id, body)
      return reply.send()
    },
  )

  app.post(
    `${path}/toggle_typing_status`,
    {
      schema: { params, body: TypingChange },
      ...reading((parameters) => ({
        typing_status: parameters.text('typing_status') === 'off' ? 'off' : 'on',
        is_private: parameters.flag('is_private') ?? false,
      })),
    },
    async ({ actor, params, body }, reply) => {
      await changeTyping(context, actor, params.conversation_id, body)
      return reply.send()
    },
  )

  // There, only a conversation is muted, but its contact cannot write in it any more. Here, the contact is blocked.
  for (const [action, blocked] of [
    ['mute', true],
    ['unmute', false],
  ] as const) {
    app.post(`${path}/${action}`, { schema: { params } }, async ({ actor, params }, reply) => {
      const { contact } = await getConversation(read, actor, params.conversation_id)
      await changeContact(database, actor, contact.id, { blocked })
      if (blocked) await toggleStatus(database, actor, params.conversation_id, { status: 'resolved' })
      return reply.send()
    })
  }

  const email = Type.String({ maxLength: 255 })
  app.post(
    `${path}/transcript`,
    { schema: withBody({ email }), ...reading((parameters) => ({ email: parameters.text('email') })) },
    async ({ actor, params, body }, reply) => {
      await sendTranscript(context, actor, params.conversation_id, body.email)
      return reply.send()
    },
  )
}
