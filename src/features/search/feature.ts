import type { Feature } from '../../http/feature.ts'
import { startIndexing } from './indexing.ts'

export const feature: Feature = {
  name: 'search',
  // The row of a document in the index.
  copying: { sqliteColumns: ['search_documents.id'] },
  start: startIndexing,
}
