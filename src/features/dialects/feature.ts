import type { Feature } from '../../http/feature.ts'
import { webhookFormats } from '../webhooks/formats.ts'
import { basePath } from './chatwoot/base-path.ts'
import { cableRoute } from './chatwoot/cable/routes.ts'
import { chatwootRoutes } from './chatwoot/routes.ts'
import { chatwootFormat } from './chatwoot/webhooks/format.ts'
import { widgetRoutes } from './chatwoot/widget/routes.ts'

/** The APIs of other servers, so that programs for those work here. */
export const feature: Feature = {
  name: 'dialects',
  host: ({ chatwootHost }) =>
    chatwootHost === undefined ? undefined : { host: chatwootHost, path: basePath, others: '/ndoto' },
  setup(context) {
    webhookFormats.of(context).set('chatwoot', chatwootFormat(context))
  },
  routes(app, context) {
    app.register(async (scope) => chatwootRoutes(scope as never, context), { prefix: basePath })
    app.register(async (scope) => cableRoute(scope as never, context), { prefix: basePath })
    app.register(async (scope) => widgetRoutes(scope as never), { prefix: basePath })
  },
}
