import type { Feature } from '../../http/feature.ts'
import { inboxEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { inboxRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'inboxes',
  migrations,
  secrets: [
    { table: 'inboxes', column: 'hmac_token', key: ['account_id', 'id'] },
    { table: 'inboxes', column: 'settings', key: ['account_id', 'id'], isJson: true },
  ],
  events: inboxEvents.types,
  accountRoutes: inboxRoutes,
}
