import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { parseId } from '../../lib/schema.ts'
import { findCurrentConversationRef } from '../conversations/merged.ts'
import { acceptFiles, type UploadOptions } from './service.ts'

/** Like `acceptFiles`, for routes below a conversation: only from agents who may see it. */
export function acceptFilesInConversation(
  app: Server,
  context: Context,
  options: Pick<UploadOptions, 'toBody'> = {},
): void {
  const { database, config } = context
  acceptFiles(app, context, {
    ...options,
    largest: config.maxFileSize,
    async assertAllowed({ actor, params }) {
      const { conversation_id } = params as { conversation_id: string }
      await findCurrentConversationRef(database.read, actor, parseId(conversation_id) ?? 0)
    },
  })
}
