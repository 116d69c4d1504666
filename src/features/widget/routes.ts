import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { assetsFolder, immutableCaching, readAsset, sendAsset } from '../../http/assets.ts'
import type { Context } from '../../http/feature.ts'
import { filesSource } from '../../http/files-host.ts'
import type { Server } from '../../http/server.ts'
import type { FrameSettings } from './schema.ts'
import { frameOf } from './service.ts'

const schema = { hide: true }
const open = { schema, config: { public: true, rateLimit: false } } as const

/** `/widget.js` for the pages of others, and the page that it puts into a frame there. */
export function widgetRoutes(app: Server, context: Context): void {
  const loader = readAsset('widget/widget.js')
  if (loader) {
    app.get('/widget.js', open, (request, reply) => {
      // A page that shows only what says so (COEP) may run it, too.
      reply.headers({
        'cache-control': 'public, max-age=600',
        'cross-origin-resource-policy': 'cross-origin',
      })
      return sendAsset(request, reply, loader)
    })
  }
  const assets = join(assetsFolder, 'widget/assets')
  for (const name of existsSync(assets) ? readdirSync(assets) : []) {
    const file = readAsset(`widget/assets/${name}`)
    if (!file) continue
    app.get(`/widget/assets/${name}`, open, (request, reply) =>
      sendAsset(request, reply.header('cache-control', immutableCaching), file),
    )
  }
  framePage(app, context)
}

function framePage(app: Server, { config, database }: Context): void {
  const page = readAsset('widget/index.html')?.bytes.toString()
  const options = {
    schema: { ...schema, params: Type.Object({ inbox_identifier: Type.String() }) },
    config: { public: true },
  }
  app.get('/widget/:inbox_identifier', options, async ({ params }, reply) => {
    reply.type('text/html; charset=utf-8')
    const settings = await frameOf(database.read, params.inbox_identifier)
    reply.headers({
      'content-security-policy': policy(settings?.origins ?? [], config.filesPublicUrl),
      'referrer-policy': 'no-referrer',
    })
    if (!page) return reply.code(503).send('The widget is not built: run npm ci in the folder of the server.')
    if (!settings) return reply.code(404).send('There is no such inbox for websites.')
    return page.replace('%SETTINGS%', () =>
      inAttribute({ ...settings, max_file_size: config.clientMaxFileSize }),
    )
  })
}

/** Nothing from elsewhere but pictures, which cards and faces may have anywhere, and only in these pages. */
function policy(origins: readonly string[], filesPublicUrl: string | undefined): string {
  const files = filesSource(filesPublicUrl)
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' https: blob:${files}`,
    `media-src 'self'${files}`,
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${origins.length > 0 ? origins.join(' ') : "'none'"}`,
  ].join('; ')
}

const escapes: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' }

function inAttribute(settings: FrameSettings): string {
  return JSON.stringify(settings).replace(/[&"<>]/g, (character) => escapes[character]!)
}
