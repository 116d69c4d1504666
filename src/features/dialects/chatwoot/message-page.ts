import { isDeepStrictEqual } from 'node:util'
import type { Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import { notFound } from '../../../lib/errors.ts'
import { linkDay } from '../../../lib/file-link.ts'
import { PageCache } from '../../../lib/page-cache.ts'
import { createPageCache, listMessages } from '../../messages/list.ts'
import type { Message, MessageQuery } from '../../messages/schema.ts'
import { findPageMeta, findPageVersion, type PageMeta } from './message-page.store.ts'
import { contactFields, contactPush } from './objects/contact.ts'
import { toMessage } from './objects/message.ts'
import { userPush } from './objects/user.ts'
import { selectByIds } from './related.store.ts'
import { relatedToMessages } from './related.ts'

export interface PageQuery {
  before?: number
  after?: number
  filter_internal_messages?: boolean
}

/** Whose names and details a page shows, in addition to the contact of the conversation. */
interface People {
  /** The ids of the senders and of the assignee, as a JSON list. */
  users: string
  /** The ids of others who have written mails into the conversation. */
  guests: readonly number[]
}

// Each takes about 200 bytes.
const mostPagesWithPeople = 20_000

/**
 * Reads pages of messages as JSON. A cached page is returned as long as nothing that it shows has changed: the version of
 * the conversation does not cover people, so theirs is read with it, in one query.
 */
export class MessagePages {
  readonly #queries: Queries
  readonly #cache = createPageCache()
  /** By the name of a page, the one that was read last at the end. */
  readonly #people = new Map<string, People>()
  // What it would cache is cached here.
  readonly #noCache = new PageCache(0, 0)

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** Throws `not_found` if the actor may not see the conversation. */
  async read(actor: Actor, conversationId: number, query: PageQuery): Promise<string | Buffer> {
    // File links change every day.
    const name = `${actor.accountId} ${conversationId} ${JSON.stringify(query)} ${linkDay()}`
    const known = this.#people.get(name)
    // Before the page is read, which may be newer then, but never older.
    const version = known && (await this.#versionOf(actor, conversationId, known))
    const cached = version && this.#cache.get(name, '')
    if (cached && cached.version === version) return cached.text
    const { text, people } = await this.#page(actor, conversationId, query)
    if (version && isDeepStrictEqual(people, known)) this.#cache.set(name, version, '', text)
    else this.#remember(name, people)
    return text
  }

  async #versionOf(actor: Actor, conversationId: number, { users, guests }: People): Promise<string> {
    const version = await findPageVersion(this.#queries, actor, conversationId, users)
    if (version === undefined) throw notFound('conversation')
    if (guests.length === 0) return version
    const others = await selectByIds(this.#queries, 'contacts', actor.accountId, guests)
    return version + JSON.stringify([...others.values()])
  }

  #remember(name: string, people: People): void {
    this.#people.delete(name)
    this.#people.set(name, people)
    if (this.#people.size > mostPagesWithPeople) this.#people.delete(this.#people.keys().next().value!)
  }

  async #page(
    actor: Actor,
    conversationId: number,
    query: PageQuery,
  ): Promise<{ text: string; people: People }> {
    const meta = await findPageMeta(this.#queries, actor, conversationId)
    if (!meta) throw notFound('conversation')
    const list = await listMessages(this.#noCache, this.#queries, actor, conversationId, cursorsOf(query))
    const all = JSON.parse(String(list)).payload as Message[]
    const messages = all.filter(
      (message) =>
        (query.before === undefined || message.id < query.before) &&
        !(query.filter_internal_messages && (message.private || message.message_type === 'activity')),
    )
    const related = await relatedToMessages(this.#queries, actor.accountId, messages)
    const guests = [...related.contacts.keys()].filter((id) => id !== meta.id)
    const users = new Set(related.users.keys())
    if (meta.assignee_id !== null) users.add(meta.assignee_id)
    const payload = messages.map((message) => toMessage(message, related))
    return {
      text: JSON.stringify({ meta: metaOf(meta), payload }),
      people: { users: JSON.stringify([...users]), guests },
    }
  }
}

function metaOf(meta: PageMeta) {
  const { labels, attributes_of_conversation, agent_last_seen_at } = meta
  const seenAt = agent_last_seen_at === null ? null : new Date(agent_last_seen_at).toISOString()
  return {
    labels: labels?.split(',') ?? [],
    additional_attributes: JSON.parse(attributes_of_conversation),
    contact: contactPush(contactFields(meta)),
    ...(meta.assignee_name === null ? {} : { assignee: assigneeOf(meta) }),
    agent_last_seen_at: seenAt,
    assignee_last_seen_at: seenAt,
  }
}

function assigneeOf(meta: PageMeta) {
  const { assignee_id, assignee_name, assignee_avatar_url, assignee_availability } = meta
  return userPush({
    id: assignee_id!,
    name: assignee_name!,
    avatar_url: assignee_avatar_url,
    availability: assignee_availability,
  })
}

/** The cursors of Chatwoot: 20 before a message, or 100 after it; with both, all from `after` up to `before`. */
function cursorsOf({ before, after }: PageQuery): MessageQuery {
  const all = { include_deleted: true }
  if (after !== undefined && before !== undefined)
    return { ...all, after_id: Math.max(0, after - 1), limit: 1000 }
  if (after !== undefined) return { ...all, after_id: after, limit: 100 }
  return { ...all, limit: 20, ...(before ? { before_id: before } : {}) }
}
