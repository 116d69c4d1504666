import type { Outcome, Sender } from '../../../../deliveries/sender.ts'
import { findTargetOf } from '../../../../deliveries/targets.ts'
import type { LoggedEvent } from '../../../../events/read.ts'
import type { Context } from '../../../../http/feature.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { Refusal } from '../../../../lib/errors.ts'
import { nameBasedUuid } from '../../../../lib/uuid.ts'
import { messaging } from '../../../conversations/messaging.ts'
import { sendTranscript } from '../outgoing/transcript.ts'
import { requestedEvent, targetName } from './request.ts'

const minute = 60_000

/** Creates the sender of the transcripts that actions ask for. */
export function transcriptSender(context: Context): Sender {
  return {
    name: targetName,
    schedule: { timeout: minute, lease: 2 * minute, disableAfter: Number.POSITIVE_INFINITY },
    async targets(tx, accountId) {
      const targetId = await findTargetOf(tx, accountId, targetName)
      return ({ name, conversation_id }) =>
        targetId !== undefined && name === requestedEvent ? [{ targetId, orderKey: conversation_id }] : []
    },
    send: ({ event }) => attempt(context, event),
    async finished(tx, { event }, outcome) {
      if (outcome.state !== 'failed') return
      const { id, email } = requestOf(event)
      const activity = { kind: 'transcript_failed', email, reason: outcome.reason } as const
      await messaging.of(tx).writeActivity(tx, systemOf(event.account_id), id, activity)
    },
  }
}

function requestOf({ data }: LoggedEvent): { id: number; email: string } {
  return JSON.parse(data)
}

async function attempt(context: Context, event: LoggedEvent): Promise<Outcome> {
  const { account_id, position } = event
  const { id, email } = requestOf(event)
  // The same at each attempt: a mail whose acceptance was not noticed is recognized as the same one.
  const name = nameBasedUuid(`transcript ${account_id} ${position}`)
  try {
    await sendTranscript(context, systemOf(account_id), id, email, name)
    return { state: 'sent' }
  } catch (error) {
    const { code, message } = error as Refusal
    if (!(error instanceof Refusal)) throw error
    // It was deleted in the meantime.
    if (code === 'not_found') return { state: 'sent' }
    return { state: code === 'unavailable' ? 'retry' : 'failed', reason: message }
  }
}
