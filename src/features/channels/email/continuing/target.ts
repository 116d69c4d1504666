import type { Queries } from '../../../../db/database.ts'
import { createTarget, findTargetOf } from '../../../../deliveries/targets.ts'
import type { EmailInbox } from '../inbox.ts'

/** The name of the sender, and of its only target in an account. */
export const targetName = 'mail continuations'

/** The target of an account in which conversations go on by mail. */
export function findContinuationTarget(queries: Queries, accountId: number): Promise<number | undefined> {
  return findTargetOf(queries, accountId, targetName)
}

/** Makes sure that messages are delivered from now on, if an inbox continues others by mail. */
export async function startContinuing(tx: Queries, { account_id, settings }: EmailInbox): Promise<void> {
  if (!settings.continues?.length || (await findContinuationTarget(tx, account_id)) !== undefined) return
  await createTarget(tx, account_id, targetName)
}
