import { identification } from '../../http/auth.ts'
import type { Feature } from '../../http/feature.ts'
import { agentEvents } from './events.ts'
import { createIdentify } from './identify.ts'
import { migrations } from './migrations.ts'
import { profileRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'users',
  migrations,
  setup: (context) => identification.fill(context, createIdentify(context.database)),
  events: agentEvents.types,
  routes: profileRoutes,
}
