import type { Actor } from '../../../lib/actor.ts'
import { conversationTypes, type NotificationSettings } from '../../notifications/schema.ts'
import type { Parameters } from './parameters.ts'

const channels = ['email', 'push'] as const
type Channel = (typeof channels)[number]

/** What a user is notified of, as Chatwoot writes it: a flag for each type and channel, `email_conversation_mention`. */
export function toFlags({ accountId, userId }: Actor, { kinds }: NotificationSettings) {
  const all = (channel: Channel) => conversationTypes.map((type) => `${channel}_${type}`)
  const selected = (channel: Channel) =>
    conversationTypes.filter((type) => kinds[type][channel]).map((type) => `${channel}_${type}`)
  return {
    id: userId,
    user_id: userId,
    account_id: accountId,
    all_email_flags: all('email'),
    selected_email_flags: selected('email'),
    all_push_flags: all('push'),
    selected_push_flags: selected('push'),
  }
}

/** Reads the flags in the shape of the main API. A list of one channel leaves the other one as it is. */
export function readFlags(parameters: Parameters): object {
  const given = channels.flatMap((channel) => {
    const flags = parameters.texts(`selected_${channel}_flags`)
    return flags === undefined ? [] : [{ channel, flags }]
  })
  const kindOf = (type: string) =>
    Object.fromEntries(given.map(({ channel, flags }) => [channel, flags.includes(`${channel}_${type}`)]))
  return { kinds: Object.fromEntries(conversationTypes.map((type) => [type, kindOf(type)])) }
}
