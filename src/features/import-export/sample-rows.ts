import { type MessageRow, senderOf } from '../messages/parts.store.ts'
import type { Random } from './sample-random.ts'
import { languageOf, nameOf, textOf } from './sample-texts.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** Who works in the sample account, and where. */
export interface SampleTeam {
  account_id: number
  inboxIds: number[]
  /** The agents of all inboxes. */
  agentIds: number[]
  /** All who work in the first inbox. */
  firstInboxAgentIds: number[]
  teamIds: number[]
  labelIds: number[]
  companies: { id: number; domain: string }[]
}

export type SampleContact = ReturnType<typeof contactOf>
export type SampleConversation = ReturnType<typeof conversationOf>

/** The row of a contact. */
export function contactOf(random: Random, team: SampleTeam, id: number, created_at: number) {
  const { account_id } = team
  const name = nameOf(random)
  const address = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.')
  const company = id % 3 === 0 ? companyOf(team, id / 3) : undefined
  const attributes = { plan: random.pick(['free', 'team', 'business']), city: random.pick(cities) }
  return {
    account_id,
    id,
    name,
    email: random.chance(0.8) ? `${address}.${id}@${domainOf(random, company)}` : null,
    phone_number: random.chance(0.4) ? `+4930${String(1_000_000_000 + id).slice(1)}` : null,
    identifier: random.chance(0.2) ? `crm-${id}` : null,
    blocked: random.chance(0.002) ? 1 : 0,
    avatar_url: null,
    company_id: company?.id ?? null,
    custom_attributes: random.chance(0.3) ? JSON.stringify(attributes) : '{}',
    additional_attributes: '{}',
    last_activity_at: created_at,
    created_at,
    updated_at: created_at,
  }
}

function domainOf(random: Random, company: SampleTeam['companies'][number] | undefined): string {
  // Picked in any case, so that the rest of a sample does not depend on the companies.
  const other = random.pick(domains)
  return company?.domain ?? other
}

/** The companies at the beginning of the list have more contacts than the others. */
function companyOf({ companies }: SampleTeam, index: number) {
  return companies[Math.floor(companies.length * ((index % 97) / 97) ** 2)]!
}

const cities = ['Berlin', 'Lagos', 'Lyon', 'Malmö', 'Madrid', 'São Paulo', 'Tokyo', 'Toronto']
const domains = ['example.com', 'example.org', 'example.net', 'mail.example']

/** The row of a conversation, its labels, and the rows of its messages, still without ids. */
export function conversationOf(
  random: Random,
  team: SampleTeam,
  ref: { id: number; inbox_id: number; contact_id: number; source_id: string },
  time: { created_at: number; now: number },
  messageCount: number,
) {
  const { account_id } = team
  const { created_at, now } = time
  const isRecent = now - created_at < 30 * day
  const status = random.pick(isRecent ? recentStatuses : oldStatuses)
  const agentIds = ref.inbox_id === team.inboxIds[0] ? team.firstInboxAgentIds : team.agentIds
  const agentId = agentIds[random.rank(agentIds.length)]!
  const messages = messagesOf(random, { account_id, ...ref, agentId, ...time }, messageCount)
  const last_activity_at = messages.at(-1)!.created_at
  const lastReply = messages.findLastIndex(({ message_type }) => message_type === 'outgoing')
  const unread = messages.slice(lastReply + 1).filter(({ message_type }) => message_type === 'incoming')
  const isSeen = status === 'resolved' || unread.length === 0
  const seenAt = lastReply === -1 ? null : messages[lastReply]!.created_at
  const labelIds = Array.from(
    { length: random.rank(4) },
    () => team.labelIds[random.rank(team.labelIds.length)]!,
  )
  return {
    messages,
    labelIds: [...new Set(labelIds)],
    row: {
      account_id,
      ...ref,
      status,
      priority: random.chance(0.2) ? random.pick(['urgent', 'high', 'medium', 'low'] as const) : null,
      assignee_id: random.chance(0.7) ? agentId : null,
      team_id: random.chance(0.5) ? team.teamIds[random.rank(team.teamIds.length)]! : null,
      snoozed_until: status === 'snoozed' ? now + (1 + random.below(14 * 24)) * 60 * minute : null,
      unread_count: isSeen ? 0 : unread.length,
      custom_attributes: random.chance(0.2) ? JSON.stringify({ order: 100_000 + ref.id }) : '{}',
      additional_attributes: '{}',
      last_activity_at,
      agent_last_seen_at: isSeen ? last_activity_at : seenAt,
      contact_last_seen_at: seenAt,
      created_at,
      updated_at: last_activity_at,
      origin_id: null,
      subject: null,
    },
  }
}

const repeated = <T>(...all: [T, number][]) => all.flatMap(([value, count]) => Array<T>(count).fill(value))
const recentStatuses = repeated(['open', 45], ['resolved', 42], ['pending', 8], ['snoozed', 5]) as Status[]
const oldStatuses = repeated(['open', 5], ['resolved', 92], ['pending', 2], ['snoozed', 1]) as Status[]
type Status = 'open' | 'resolved' | 'pending' | 'snoozed'

function messagesOf(
  random: Random,
  of: {
    account_id: number
    id: number
    inbox_id: number
    contact_id: number
    agentId: number
    created_at: number
    now: number
  },
  count: number,
): Omit<MessageRow, 'id'>[] {
  const language = languageOf(random)
  let at = of.created_at
  return Array.from({ length: count }, (_, index) => {
    const kind = index === 0 ? 0 : random.next()
    const message_type = kind < 0.47 ? 'incoming' : kind < 0.97 ? 'outgoing' : 'activity'
    if (index > 0) at = Math.min(of.now, at + Math.ceil(20 * minute * random.skewed() ** 2))
    return {
      account_id: of.account_id,
      conversation_id: of.id,
      inbox_id: of.inbox_id,
      message_type,
      content_type: 'text',
      content:
        message_type === 'activity' ? 'The conversation was reopened' : textOf(language, random, of.id),
      content_attributes: '{}',
      status: message_type === 'outgoing' ? random.pick(['sent', 'delivered', 'read', 'read']) : 'sent',
      private: message_type === 'outgoing' && random.chance(0.12) ? 1 : 0,
      ...senderOf(message_type, of.contact_id, message_type === 'outgoing' ? of.agentId : null),
      echo_id: null,
      source_id: null,
      created_at: at,
      updated_at: at,
      deleted_at: null,
      idempotency_key: null,
      idempotency_hash: null,
      attachments: null,
    }
  })
}
