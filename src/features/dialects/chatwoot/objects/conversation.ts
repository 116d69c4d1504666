import { isoOfSeconds } from '../../../../lib/time.ts'
import { rememberedUuid } from '../../../../lib/uuid.ts'
import type { Conversation as MainConversation } from '../../../conversations/schema.ts'
import type { Message } from '../../../messages/schema.ts'
import { lastMessageOf, type Related } from '../related.ts'
import { botPush } from './bot.ts'
import { type ContactFields, contactPush, toContact } from './contact.ts'
import { channelName } from './inbox.ts'
import { messagePush } from './message.ts'
import { toTeam } from './team.ts'
import { toAgent, userPush } from './user.ts'

/** The last messages of a conversation, notes included: of any type, and except for activity messages. */
export interface LastMessages {
  last: Message | null
  lastNonActivity: Message | null
}

/** A conversation in lists and responses. */
export function toConversation(
  conversation: MainConversation,
  { last, lastNonActivity }: LastMessages,
  related: Related,
) {
  const shown = last && messagePush(last, related)
  const isLast = last?.id === lastNonActivity?.id
  return {
    ...withoutMessages(conversation, related),
    messages: shown ? [shown] : [],
    last_non_activity_message: isLast ? shown : lastNonActivity && messagePush(lastNonActivity, related),
  }
}
export type Conversation = ReturnType<typeof toConversation>

/** The JSON of `toConversation`. The message that it shows twice is most of it, and is written once. */
export function conversationJson(
  conversation: MainConversation,
  { last, lastNonActivity }: LastMessages,
  related: Related,
): string {
  const shown = last && JSON.stringify(messagePush(last, related))
  const isLast = last?.id === lastNonActivity?.id
  const other = lastNonActivity && !isLast && JSON.stringify(messagePush(lastNonActivity, related))
  const rest = JSON.stringify(withoutMessages(conversation, related)).slice(0, -1)
  return `${rest},"messages":[${shown ?? ''}],"last_non_activity_message":${isLast ? shown : other || null}}`
}

function withoutMessages(conversation: MainConversation, related: Related) {
  const { accountId, users, teams, ownTeams } = related
  const { id, meta, inbox_id } = conversation
  const contact = contactOf(conversation, related)
  const assignee = meta.assignee && users.get(meta.assignee.id)
  const { bot } = meta
  const team = meta.team && teams.get(meta.team.id)
  return {
    meta: {
      sender: toContact(contact),
      channel: channelOf(conversation, related),
      // JSON leaves out what is undefined.
      assignee: bot ? botPush(bot) : assignee ? toAgent(assignee, accountId) : undefined,
      assignee_type: bot ? ('AgentBot' as const) : assignee ? ('User' as const) : undefined,
      team: team ? toTeam(team, accountId, ownTeams) : undefined,
      hmac_verified: isVerified(conversation, contact, related),
    },
    id,
    account_id: accountId,
    uuid: uuidOf(accountId, id),
    inbox_id,
    ...stateOf(conversation),
    muted: contact.blocked,
    sla_policy_id: null,
  }
}

/** A conversation in events: Chatwoot's `Conversation#push_event_data`. */
export function conversationPush(conversation: MainConversation, related: Related) {
  const { users, teams, conversations } = related
  const { id, inbox_id, meta } = conversation
  const contact = contactOf(conversation, related)
  const assignee = meta.assignee && users.get(meta.assignee.id)
  const team = meta.team && teams.get(meta.team.id)
  const last = lastMessageOf(conversation)
  const hmac_verified = isVerified(conversation, contact, related)
  return {
    id,
    inbox_id,
    channel: channelOf(conversation, related),
    contact_inbox: {
      // Contact inboxes have no number here: a contact has one of each inbox.
      id: contact.id,
      contact_id: contact.id,
      inbox_id,
      source_id: conversations.get(id)?.source_id ?? null,
      hmac_verified,
    },
    messages: last ? [messagePush(last, related)] : [],
    meta: {
      sender: contactPush(contact),
      assignee: assignee ? userPush(assignee) : meta.bot && botPush(meta.bot),
      assignee_type: assignee ? ('User' as const) : meta.bot && ('AgentBot' as const),
      team: team ? { id: team.id, name: team.name.toLowerCase() } : null,
      hmac_verified,
    },
    ...stateOf(conversation),
    sla_policy_id: null,
  }
}
export type ConversationPush = ReturnType<typeof conversationPush>

/** The id that a conversation has in Chatwoot's URLs of surveys and in no other place: derived from its number. */
export function uuidOf(accountId: number, id: number): string {
  return rememberedUuid(`${accountId}/${id}`)
}

/** What responses and events show alike. */
function stateOf(conversation: MainConversation) {
  const { last_activity_at, agent_last_seen_at, snoozed_until } = conversation
  return {
    additional_attributes: conversation.additional_attributes,
    custom_attributes: conversation.custom_attributes,
    labels: conversation.labels,
    status: conversation.status,
    priority: conversation.priority,
    can_reply: true,
    unread_count: conversation.unread_count,
    snoozed_until: snoozed_until === null ? null : isoOfSeconds(snoozed_until),
    agent_last_seen_at: agent_last_seen_at ?? 0,
    assignee_last_seen_at: agent_last_seen_at ?? 0,
    contact_last_seen_at: conversation.contact_last_seen_at ?? 0,
    last_activity_at,
    timestamp: last_activity_at,
    created_at: conversation.created_at,
    updated_at: conversation.updated_at,
    first_reply_created_at: 0,
    waiting_since: 0,
  }
}

/** The contact of a conversation. It may have been deleted since an event. */
function contactOf({ contact }: MainConversation, { contacts }: Related): ContactFields {
  const known = contacts.get(contact.id)
  if (known) return known
  const unknown = { identifier: null, blocked: false, last_activity_at: null, created_at: 0 }
  return { ...contact, ...unknown, custom_attributes: {}, additional_attributes: {} }
}

function channelOf({ inbox_id }: MainConversation, { inboxes }: Related): string {
  return channelName(inboxes.get(inbox_id)?.channel_type ?? '')
}

/** Whether the contact has proved who they are: an identifier without a proof is not stored as one. */
function isVerified({ inbox_id }: MainConversation, contact: ContactFields, { inboxes }: Related): boolean {
  return inboxes.get(inbox_id)?.hmac_mandatory === 1 && contact.identifier !== null
}
