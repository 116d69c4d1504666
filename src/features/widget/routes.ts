import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { assetsFolder, immutableCaching, readAsset, sendAsset } from '../../http/assets.ts'
import type { Context } from '../../http/feature.ts'
import { filesSource } from '../../http/files-host.ts'
import { permissionsPolicy, trustedTypes } from '../../http/page-headers.ts'
import type { Server } from '../../http/server.ts'
import type { FrameSettings } from './schema.ts'
import { frameSettings } from './service.ts'

const schema = { hide: true }
const publicRoute = { schema, config: { public: true, rateLimit: false } } as const

/** The loader `/widget.js`, and the page of the frame that it adds to websites. */
export function widgetRoutes(app: Server, context: Context): void {
  const loader = readAsset('widget/widget.js')
  if (loader) {
    app.get('/widget.js', publicRoute, (request, reply) => {
      // Pages with Cross-Origin-Embedder-Policy load only scripts with this header.
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
    app.get(`/widget/assets/${name}`, publicRoute, (request, reply) =>
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
    const settings = await frameSettings(database.read, params.inbox_identifier)
    reply.headers({
      'content-security-policy': contentSecurityPolicy(settings?.origins ?? [], config.filesPublicUrl),
      'permissions-policy': permissionsPolicy,
      'referrer-policy': 'no-referrer',
    })
    if (!page)
      return reply.code(503).send('The widget has not been built: run npm ci in the folder of the server.')
    if (!settings) return reply.code(404).send('There is no website inbox with this identifier.')
    return page.replace('%SETTINGS%', () =>
      attributeText({ ...settings, max_file_size: config.clientMaxFileSize }),
    )
  })
}

/** Allows only this server, except that pictures (in cards, avatars) may come from anywhere over HTTPS. */
function contentSecurityPolicy(origins: readonly string[], filesPublicUrl: string | undefined): string {
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
    ...trustedTypes,
    // A page of this server shows it to apps.
    `frame-ancestors ${["'self'", ...origins].join(' ')}`,
  ].join('; ')
}

const escapes: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' }

function attributeText(settings: FrameSettings): string {
  return JSON.stringify(settings).replace(/[&"<>]/g, (character) => escapes[character]!)
}
