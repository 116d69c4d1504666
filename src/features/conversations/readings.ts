import type { Context } from '../../http/feature.ts'
import type { Reading } from '../../http/metrics.ts'
import { selectOpenCount } from './store.ts'

/** The metric of conversations. */
export function conversationReadings({ database }: Context): Reading[] {
  return [
    {
      name: 'ndoto_conversations_open',
      help: 'Open conversations of all accounts.',
      read: () => selectOpenCount(database.read),
    },
  ]
}
