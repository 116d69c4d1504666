import type { Feature } from '../../http/feature.ts'
import { fileRoutes } from './routes.ts'
import { startSweeping } from './sweep.ts'

export const feature: Feature = {
  name: 'attachments',
  routes: fileRoutes,
  start(context, logger) {
    const stopSweeping = startSweeping(context, logger)
    return async () => {
      context.files.pictures.close()
      await stopSweeping()
    }
  },
}
