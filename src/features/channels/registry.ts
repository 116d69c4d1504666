import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { checker } from '../../lib/validate.ts'
import type { Channels } from '../inboxes/channels.ts'
import type { Channel } from './channel.ts'
import { startSending, stopSending } from './sender.ts'

/** The channels of one server, by type. */
export interface Registry extends Channels {
  readonly all: readonly Channel[]
  of(type: string): Channel
}

/** Throws if two channels have the same type. */
export function createRegistry(all: readonly Channel[], config: Context['config']): Registry {
  const byType = new Map(all.map((channel) => [channel.type, channel]))
  if (byType.size < all.length) throw new Error('two channels have the same type')
  const checks = new Map(all.map(({ type, settings }) => [type, checker(settings)]))
  const of = (type: string) => byType.get(type) ?? removedChannel(type)
  return {
    all,
    config,
    of,
    async saved(tx, inbox) {
      const channel = of(inbox.channel_type)
      if (channel.send) await startSending(tx, inbox)
      await channel.saved?.(tx, inbox)
    },
    async deleted(tx, inbox) {
      await stopSending(tx, inbox)
      await of(inbox.channel_type).deleted?.(tx, inbox)
    },
    check: (type, settings) => checks.get(type)?.(settings) ?? [],
  }
}

/** The channel of inboxes that another version of the server has created: its conversations can be read. */
function removedChannel(type: string): Channel {
  return {
    type,
    settings: Type.Object({}),
    programsMayWriteAsContact: false,
    reportsDelivery: false,
    isOpenToCustomers: false,
  }
}
