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
    setup(context) {
      channels.fill(context, createRegistry(all, context.config))
      for (const channel of all) channel.setup?.(context)
    },
    secrets: [
      { table: 'mailboxes', column: 'anchor_key', key: ['account_id', 'inbox_id'] },
      { table: 'mailboxes', column: 'refresh_token', key: ['account_id', 'inbox_id'] },
    ],
    routes: (app, context) => {
      for (const channel of all) channel.routes?.(app, context)
    },
    accountRoutes(app, context) {
      channelRoutes(app, context)
      for (const channel of all) channel.accountRoutes?.(app, context)
    },
    followers: all.flatMap(({ followers = [] }) => followers),
    readings: (context) => all.flatMap((channel) => channel.readings?.(context) ?? []),
    senders: (context) => [
      channelSender(context),
      ...all.flatMap((channel) => channel.senders?.(context) ?? []),
    ],
    start: startListening,
  }
}

export const feature = channelsFeature(channelList)
