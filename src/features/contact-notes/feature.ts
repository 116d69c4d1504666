import type { Feature } from '../../http/feature.ts'
import { noteEvents } from './events.ts'
import { migrations } from './migrations.ts'
import { contactNoteRoutes } from './routes.ts'

export const feature: Feature = {
  name: 'contact-notes',
  migrations,
  events: noteEvents.types,
  accountRoutes: contactNoteRoutes,
}
