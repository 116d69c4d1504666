import type { Feature } from '../../http/feature.ts'
import { startIndexing } from './indexing.ts'

export const feature: Feature = { name: 'search', start: startIndexing }
