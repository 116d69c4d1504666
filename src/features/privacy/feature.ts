import type { Feature } from '../../http/feature.ts'
import { recordEvents } from './events.ts'
import { recordRoutes } from './routes.ts'

/** What is kept of a contact in the features above: to read it together, to merge and to erase it. */
export const feature: Feature = { name: 'privacy', events: recordEvents, accountRoutes: recordRoutes }
