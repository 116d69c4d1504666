import type { Feature } from '../../http/feature.ts'
import { privacyEvents } from './events.ts'
import { privacyRoutes } from './routes.ts'

/** What privacy laws require for the data of a contact in the features above: export and erasure. And merging contacts. */
export const feature: Feature = { name: 'privacy', events: privacyEvents, accountRoutes: privacyRoutes }
