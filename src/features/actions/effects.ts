import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { Slot } from '../../lib/slot.ts'

/*
 * What actions need from features that come after them in the list of features. Each is called in the transaction of the
 * actions, and has its effect after the commit.
 */

/**
 * Sends a conversation to a webhook of the account, named by its id or its URL, and returns how an activity message names
 * the webhook. Throws `invalid` if there is none, or if it is switched off.
 */
export const shareWithWebhook = new Slot<
  (tx: Queries, actor: Actor, conversationId: number, webhook: number | string) => Promise<string>
>('webhooks of actions')

/**
 * Sends what the contact of a conversation can see by mail, and returns the address. Without an address it is that of the
 * contact. Throws `invalid` if it is not the address of the contact or of an agent.
 */
export const mailTranscript = new Slot<
  (tx: Queries, actor: Actor, conversationId: number, email: string | undefined) => Promise<string>
>('transcripts of actions')
