import { readAsset, sendAsset } from '../../../../http/assets.ts'
import { permissionsPolicy } from '../../../../http/page-headers.ts'
import type { Server } from '../../../../http/server.ts'

const publicRoute = { schema: { hide: true }, config: { public: true, rateLimit: false } } as const

/**
 * The script of Chatwoot's snippet, and the chat as a page of its own, in a scope at the root of the dialect. Both show the
 * widget of this server.
 */
export function widgetRoutes(app: Server): void {
  for (const name of ['sdk', 'page']) {
    const file = readAsset(`chatwoot/${name}.js`)
    if (!file) continue
    app.get(`/packs/js/${name}.js`, publicRoute, (request, reply) => {
      // As for `/widget.js`.
      reply.headers({
        'cache-control': 'public, max-age=600',
        'cross-origin-resource-policy': 'cross-origin',
      })
      return sendAsset(request, reply, file)
    })
  }
  app.get('/widget', publicRoute, async (_, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'permissions-policy': permissionsPolicy,
      'referrer-policy': 'no-referrer',
    })
    return reply.type('text/html; charset=utf-8').send(page)
  })
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const page = `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <meta name="color-scheme" content="light dark">
    <title>Chat</title>
    <script src="packs/js/sdk.js" defer></script>
    <script src="packs/js/page.js" defer></script>
  </head>
  <body></body>
</html>
`
