import type { Context, Feature } from '../../http/feature.ts'
import { fileRoutes } from './routes.ts'
import { startSweeping } from './sweep.ts'

export const feature: Feature = {
  name: 'attachments',
  routes: fileRoutes,
  readings: ({ files }: Context) => [
    {
      name: 'ndoto_disk_free_bytes',
      help: 'Free bytes on the disk of DATA_DIR. Below NDOTO_MIN_FREE_DISK, files of messages are refused.',
      read: () => files.diskSpace.free(),
    },
  ],
  start(context, logger) {
    const stopSweeping = startSweeping(context, logger)
    return async () => {
      context.files.pictures.close()
      await stopSweeping()
    }
  },
}
