import type { Context } from '../../http/feature.ts'
import type { Actor } from '../../lib/actor.ts'
import { channels, type Problem } from '../inboxes/channels.ts'
import { findChannelInbox } from '../inboxes/service.ts'
import { getInbox } from '../inboxes/settings.ts'
import type { Channel } from './channel.ts'

// In milliseconds.
const checkTimeout = 10_000

/** Tries the settings of an inbox, and returns what is wrong with them. Throws `not_found`. */
export async function checkInbox(context: Context, actor: Actor, id: number): Promise<Problem[]> {
  const { read } = context.database
  await getInbox(read, actor, id)
  const inbox = (await findChannelInbox(read, actor.accountId, id))!
  const { check } = channels.of(context).of(inbox.channel_type) as Channel
  if (!check) return []
  const signal = AbortSignal.timeout(checkTimeout)
  const late = new Promise<Problem[]>((resolve) => {
    signal.addEventListener('abort', () =>
      resolve([{ field: 'channel', message: 'did not respond in time' }]),
    )
  })
  try {
    const problems = await Promise.race([check(inbox, context, signal), late])
    return problems.map(({ field, message }) => ({ field: `channel.${field}`, message }))
  } catch (error) {
    return [{ field: 'channel', message: error instanceof Error ? error.message : String(error) }]
  }
}
