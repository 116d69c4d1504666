import type { CallError } from '../../shared/api.ts'
import type { Conversation } from './api-types.ts'
import { call } from './call.ts'
import { conversationSignal, fetchConversation, takeChanged } from './conversations.ts'
import { accountPath, profile } from './session.ts'

/** What a reply does to its conversation. */
export interface ReplyEffect {
  /** Opens a resolved or pending conversation. */
  opens?: true
  /** Assigns the conversation to the author, if nobody has it. */
  takes?: true
}

/** Returns what a reply to this conversation can do; undefined if there is nothing to do. */
export function effectOf({ status, meta }: Conversation): ReplyEffect | undefined {
  const effect: ReplyEffect = {
    // A snoozed conversation stays so: people answer "I will get back to you" and wait.
    ...(status === 'resolved' || status === 'pending' ? { opens: true } : {}),
    ...(meta.assignee === null ? { takes: true } : {}),
  }
  return effect.opens || effect.takes ? effect : undefined
}

/**
 * Opens and takes a conversation, as far as that is still needed: the reply may have waited for hours. Throws CallError
 * if another try may succeed; what the server refuses does not hold up the reply.
 */
export async function applyEffect(id: number, { opens, takes }: ReplyEffect): Promise<void> {
  try {
    if (!conversationSignal(id)) await fetchConversation(id)
    const now = effectOf(conversationSignal(id)!.peek()) ?? {}
    const opening = opens && now.opens ? { status: 'open' } : {}
    const taking = takes && now.takes ? { assignee_id: profile.peek()!.id, expected_assignee_id: null } : {}
    await change(id, { ...opening, ...taking }).catch((error: CallError) => {
      // A colleague was faster and keeps it.
      if (error.code !== 'assignee_changed') throw error
      return change(id, opening)
    })
  } catch (error) {
    const { isPassing, code } = error as CallError
    if (isPassing || code === 'unauthenticated') throw error
  }
}

async function change(id: number, body: object): Promise<void> {
  if (Object.keys(body).length === 0) return
  const path = `${accountPath()}/conversations/${id}`
  takeChanged(await call<Conversation>(path, { method: 'PATCH', body, timeout: 20_000 }))
}
