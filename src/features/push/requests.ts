import type { Queries } from '../../db/database.ts'
import type { Match } from '../../deliveries/sender.ts'
import { createTarget, findTargetOf } from '../../deliveries/targets.ts'
import { appendEvent } from '../../events/append.ts'
import type { LoggedEvent } from '../../events/read.ts'
import { systemOf } from '../../lib/actor.ts'

/*
 * A push message begins as an event that only this program sees: the deliveries do the rest. It says what the message is
 * about. The message itself is written when it is sent, so what was erased or read meanwhile is not in it.
 */

/** The name of the sender, and of its target: each account has one. */
export const senderName = 'push'

const eventName = 'push_requested'

/** What a push message is about. */
export type Subject =
  | { kind: 'test' }
  /** `not_before` are milliseconds since 1970. */
  | { kind: 'notification'; notification_id: number; not_before: number }
  /** What was shown for a notification is closed. */
  | { kind: 'withdrawal'; notification_id: number }

/** A push message to one browser. */
export type PushRequest = Subject & { subscription_id: number }

/** Sends a message to one browser, in a transaction of the account. */
export async function requestPushTo(
  tx: Queries,
  accountId: number,
  subscriptionId: number,
  subject: Subject,
): Promise<void> {
  if ((await findTargetOf(tx, accountId, senderName)) === undefined) {
    await createTarget(tx, accountId, senderName)
  }
  const request: PushRequest = { ...subject, subscription_id: subscriptionId }
  const event = { name: eventName, audience: 'server', data: JSON.stringify(request) } as const
  await appendEvent(tx, systemOf(accountId), event)
}

/** Returns a function that finds out whether an event asks for a push message. */
export async function matcher(tx: Queries, accountId: number): Promise<(event: LoggedEvent) => Match[]> {
  const targetId = await findTargetOf(tx, accountId, senderName)
  return ({ name }) => {
    // They wait for no other: each says what is the case when it is sent.
    return targetId !== undefined && name === eventName ? [{ targetId, orderKey: null }] : []
  }
}

export function requestOf({ data }: LoggedEvent): PushRequest {
  return JSON.parse(data)
}
