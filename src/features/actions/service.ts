import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { renderText } from '../canned-responses/rendering.ts'
import { applyContactChange } from '../contacts/service.ts'
import { namedActor } from '../conversations/assignee.ts'
import { changeInTransaction } from '../conversations/change.ts'
import { labelInTransaction } from '../conversations/labelling.ts'
import { messaging } from '../conversations/messaging.ts'
import type { Activity, ConversationChange } from '../conversations/schema.ts'
import { findConversationRef } from '../conversations/service.ts'
import { maxContent } from '../messages/schema.ts'
import { postWithFiles } from '../messages/service.ts'
import { mailTranscript, shareWithWebhook } from './effects.ts'
import type { Action, ActionName } from './schema.ts'

interface Target {
  tx: Queries
  actor: Actor
  conversationId: number
  /** The users to whom a team may assign the conversation. */
  online: readonly number[]
}

/** Does one thing, and returns the id of the message that it has sent, if it has. */
type Run = (target: Target, parameters: readonly unknown[]) => Promise<number | undefined>

/** What every action does. `assertActions` has checked the parameters. */
const runs: Record<ActionName, Run> = {
  send_message: (target, [content]) => send(target, content as string, false),
  add_private_note: (target, [content]) => send(target, content as string, true),
  add_label: (target, titles) =>
    label(target, (before) => [...new Set([...before, ...(titles as string[])])]),
  remove_label: (target, titles) => label(target, (before) => before.filter((one) => !titles.includes(one))),
  assign_agent: (target, [assignee_id]) => change(target, { assignee_id: assignee_id as number | null }),
  assign_team: (target, [team_id]) => change(target, { team_id: team_id as number | null }),
  change_status: (target, [status]) => change(target, { status: status as 'open' }),
  snooze_conversation: (target, [seconds]) => {
    const until = typeof seconds === 'number' ? Math.floor(Date.now() / 1000) + seconds : null
    return change(target, { status: 'snoozed', snoozed_until: until })
  },
  change_priority: (target, [priority]) => change(target, { priority: priority as 'high' | null }),
  set_attribute: (target, [name, value]) =>
    change(target, { custom_attributes: { [name as string]: value } }),
  async mute_conversation({ tx, actor, conversationId }) {
    const { contact_id } = await findConversationRef(tx, actor, conversationId)
    await applyContactChange(tx, actor, contact_id, { blocked: true })
    return undefined
  },
  async send_email_transcript(target, [address]) {
    const { tx, actor, conversationId } = target
    const email = await mailTranscript.of(tx)(tx, actor, conversationId, address as string | undefined)
    return note(target, (user) => ({ kind: 'transcript_sent', actor: user, email }))
  },
  async send_webhook_event(target, [webhook]) {
    const { tx, actor, conversationId } = target
    const name = await shareWithWebhook.of(tx)(tx, actor, conversationId, webhook as number | string)
    return note(target, (user) => ({ kind: 'shared_with_webhook', actor: user, webhook: name }))
  },
}

/**
 * Runs actions on a conversation, in their order and in the caller's transaction: all of them, or none. Returns the ids of
 * the messages that were sent. Throws what each of them throws alone, such as `invalid` for an unknown label.
 */
export async function runActions(target: Target, actions: readonly Action[]): Promise<number[]> {
  const sent: number[] = []
  for (const { action_name, action_params } of actions) {
    const id = await runs[action_name](target, action_params)
    if (id !== undefined) sent.push(id)
  }
  return sent
}

/** Whether one of the actions assigns a team, which needs to know who is online. */
export function teamOf(actions: readonly Action[]): number | null | undefined {
  const last = actions.findLast(({ action_name }) => action_name === 'assign_team')
  return last?.action_params[0] as number | null | undefined
}

async function send({ tx, actor, conversationId }: Target, text: string, isNote: boolean): Promise<number> {
  const content = await renderText(tx, actor, conversationId, text)
  if (content.length > maxContent)
    throw invalid(
      'content',
      `must have at most ${maxContent} characters with its variables filled in`,
      'too_long',
    )
  return (await postWithFiles(tx, actor, conversationId, { content, private: isNote }, null)).id
}

/** Adds an activity message, because what has left cannot be seen otherwise. */
async function note({ tx, actor, conversationId }: Target, activityOf: (user: string | null) => Activity) {
  const { name } = await namedActor(tx, actor)
  await messaging.of(tx).writeActivity(tx, actor, conversationId, activityOf(name))
  return undefined
}

async function label({ tx, actor, conversationId }: Target, after: (before: string[]) => string[]) {
  await labelInTransaction(tx, actor, conversationId, after)
  return undefined
}

async function change({ tx, actor, conversationId, online }: Target, input: ConversationChange) {
  await changeInTransaction(tx, actor, conversationId, input, online)
  return undefined
}
