import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { type Actor, actorRef } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { assertActions } from '../actions/schema.ts'
import { runActions, teamOf } from '../actions/service.ts'
import { type Upload, withStoredFiles } from '../attachments/service.ts'
import { onlineUsers } from '../conversations/change.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { findConversationRef } from '../conversations/service.ts'
import { postWithFiles } from '../messages/service.ts'
import { proposalEvents, stateOf } from './events.ts'
import {
  type Approval,
  mostPending,
  type NewProposal,
  type Proposal,
  type ProposalQuery,
  proposalsPerPage,
} from './schema.ts'
import * as store from './store.ts'

/** Returns the latest proposals of a conversation, and whether there are more. Throws `not_found`. */
export async function listProposals(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  query: ProposalQuery,
): Promise<{ payload: Proposal[]; meta: { has_more: boolean } }> {
  await findConversationRef(queries, actor, conversationId)
  const conversation = { account_id: actor.accountId, conversation_id: conversationId }
  const limit = proposalsPerPage + 1
  const found = await store.selectProposals(queries, conversation, { ...query, limit })
  return { payload: found.slice(0, proposalsPerPage), meta: { has_more: found.length === limit } }
}

/** Returns a proposal. Throws `not_found`. */
export async function getProposal(
  queries: Queries,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<Proposal> {
  await findConversationRef(queries, actor, conversationId)
  return found(queries, keyOf(actor, conversationId, id))
}

/**
 * Proposes a reply, with the files of `upload`, to what the contact has written so far. Throws `not_found`, `invalid`, and
 * `limit_reached` if too many wait for a decision.
 */
export function propose(
  database: Database,
  actor: Actor,
  conversationId: number,
  { content, actions, sources, expires_at }: NewProposal,
  upload?: Upload,
): Promise<Proposal> {
  const { accountId } = actor
  assertActions(actions)
  return withStoredFiles(accountId, upload, (files) =>
    database.transaction(accountId, async (tx) => {
      // Locked, so that no message comes between the question and the proposal.
      await lockConversation(tx, actor, conversationId)
      if ((await store.countPending(tx, accountId, conversationId)) >= mostPending)
        throw new Refusal('limit_reached', `${mostPending} proposals wait for a decision already`)
      const now = Date.now()
      if (expires_at && expires_at * 1000 <= now)
        throw invalid('expires_at', 'must be in the future', 'in_the_past')
      const { type, id: actor_id } = actorRef(actor)
      const key = keyOf(actor, conversationId, await nextId(tx, accountId, 'proposals'))
      await store.insertProposal(tx, {
        ...key,
        actor_type: type,
        actor_id,
        content,
        attachments: files?.text ?? null,
        actions: JSON.stringify(actions),
        sources: JSON.stringify(sources),
        after_message_id: await store.lastMessageId(tx, accountId, conversationId),
        status: 'pending',
        reason: null,
        decided_by: null,
        message_id: null,
        expires_at: expires_at ? expires_at * 1000 : null,
        created_at: now,
        updated_at: now,
      })
      await files?.attach(tx)
      const created = await found(tx, key)
      await proposalEvents.created(tx, actor, stateOf(created))
      return created
    }),
  )
}

/**
 * Sends a proposal in the name of the actor, with another content if one is given, and runs its actions. Throws `not_found`,
 * `conflict` if it was decided already, `stale` if the contact has written since, or if it has expired, and what an action
 * throws: then nothing is sent.
 */
export async function approve(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
  { content }: Approval,
): Promise<Proposal> {
  const { actions } = await getProposal(database.read, actor, conversationId, id)
  const online = await onlineUsers(database, actor, teamOf(actions))
  return decide(database, actor, conversationId, id, async (tx, before) => {
    if (before.status === 'stale') throw new Refusal('stale', 'the contact has written since it was proposed')
    if (before.status === 'expired') throw new Refusal('stale', 'the proposal has expired')
    const key = keyOf(actor, conversationId, id)
    const draft = { content: content ?? before.content, private: false }
    const message = await postWithFiles(tx, actor, conversationId, draft, await store.findFiles(tx, key))
    await runActions({ tx, actor, conversationId, online }, actions)
    // The message has them: whoever deletes it must not find them here.
    return { status: 'sent', message_id: message.id, content: '', attachments: null }
  })
}

/** Refuses a proposal and keeps the reason. Throws `not_found`, and `conflict` if it was decided already. */
export function refuse(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
  reason: string,
): Promise<Proposal> {
  return decide(database, actor, conversationId, id, async () => ({ status: 'refused', reason }))
}

type Decision = Partial<store.Row>

/** Decides on a proposal that is not decided yet, while no message can come into its conversation. */
function decide(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
  work: (tx: Queries, before: Proposal) => Promise<Decision>,
): Promise<Proposal> {
  const key = keyOf(actor, conversationId, id)
  return database.transaction(actor.accountId, async (tx) => {
    await lockConversation(tx, actor, conversationId)
    const before = await found(tx, key)
    if (before.status === 'sent' || before.status === 'refused')
      throw new Refusal('conflict', `the proposal was already ${before.status}`)
    const decision = await work(tx, before)
    await store.updateProposal(tx, key, { ...decision, decided_by: actor.userId })
    const after = await found(tx, key)
    await proposalEvents.updated(tx, actor, stateOf(before), stateOf(after))
    return after
  })
}

function keyOf({ accountId }: Actor, conversation_id: number, id: number): store.Key {
  return { account_id: accountId, conversation_id, id }
}

async function found(queries: Queries, key: store.Key): Promise<Proposal> {
  const proposal = await store.findProposal(queries, key)
  if (!proposal) throw notFound('proposal')
  return proposal
}
