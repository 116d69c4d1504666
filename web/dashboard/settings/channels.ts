import type { Inbox } from '../data/api-types.ts'
import { words } from './strings.ts'

const t = words.inboxes

/** The channels that these pages know. A server can have others, whose inboxes have a name, members and a greeting here. */
export const knownChannels = ['api', 'web_widget', 'email'] as const

type Typed = Pick<Inbox, 'channel_type'>

export function isApi({ channel_type }: Typed): boolean {
  return channel_type === 'api'
}

export function isWebsite({ channel_type }: Typed): boolean {
  return channel_type === 'web_widget'
}

export function isEmail({ channel_type }: Typed): boolean {
  return channel_type === 'email'
}

/** The name of an inbox's channel: that of an unknown one is its type, such as `sms`. */
export function channelName({ channel_type }: Typed): string {
  const names: Record<string, string> = t.channels
  return Object.hasOwn(names, channel_type) ? names[channel_type]! : channel_type
}

/** A sentence about an inbox's channel. */
export function channelHint({ channel_type }: Typed): string {
  const hints: Record<string, string> = t.channelHints
  return Object.hasOwn(hints, channel_type) ? hints[channel_type]! : t.otherChannelHint
}
