import type { Context, Feature } from '../../http/feature.ts'
import { together } from '../../lib/loop.ts'
import { migrations } from './migrations.ts'
import { fileRoutes } from './routes.ts'
import { prepareLinks } from './service.ts'
import { startSweeping } from './sweep.ts'

export const feature: Feature = {
  name: 'attachments',
  // The copy has its own secret, so existing links to files stop working.
  copying: { skippedTables: ['file_links'] },
  migrations,
  prepare: prepareLinks,
  routes: fileRoutes,
  readings: ({ files }: Context) => [
    {
      name: 'ndoto_disk_free_bytes',
      help: 'Free bytes on the disk of DATA_DIR. Below NDOTO_MIN_FREE_DISK, files of messages are refused.',
      read: () => files.diskSpace.free(),
    },
  ],
  start(context, logger) {
    const closePictures = { stop: async () => context.files.pictures.close() }
    return together(closePictures, startSweeping(context, logger))
  },
}
