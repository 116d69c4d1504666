import type { Feature } from '../../http/feature.ts'
import { channels } from '../inboxes/channels.ts'
import type { Channel } from './channel.ts'
import { channelList } from './list.ts'
import { startListening } from './listening.ts'
import { migrations } from './migrations.ts'
import { createRegistry } from './registry.ts'
import { channelRoutes } from './routes.ts'
import { channelSender } from './sender.ts'

/** The feature with these channels. */
export function channelsFeature(all: readonly Channel[]): Feature {
  return {
    name: 'channels',
    migrations,
    copying: { skippedTables: ['inbox_leases'] },
    setup: (context) => channels.fill(context, createRegistry(all, context.config)),
    routes: (app, context) => {
      for (const channel of all) channel.routes?.(app, context)
    },
    accountRoutes: channelRoutes,
    senders: (context) => [channelSender(context)],
    start: startListening,
  }
}

export const feature = channelsFeature(channelList)
