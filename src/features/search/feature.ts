import type { Feature } from '../../http/feature.ts'
import { indexing } from './service.ts'

export const feature: Feature = {
  name: 'search',
  // The row of a document in the index.
  copying: { sqliteColumns: ['search_documents.id'] },
  followers: [indexing],
}
