import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Asset, assetsFolder, immutableCaching, readAsset, sendAsset } from '../../http/assets.ts'
import type { Context } from '../../http/feature.ts'
import { filesSource } from '../../http/files-host.ts'
import { permissionsPolicy, trustedTypes } from '../../http/page-headers.ts'
import type { Server } from '../../http/server.ts'

/** The paths of the dashboard. All of them serve the same file. */
const pages = [
  '/',
  '/conversations',
  '/conversations/*',
  '/settings',
  '/settings/*',
  '/invitation',
  '/password',
]

function headersOf(filesPublicUrl: string | undefined): Record<string, string> {
  const files = filesSource(filesPublicUrl)
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${files}`,
    `media-src 'self' blob:${files}`,
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...trustedTypes,
  ]
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy': permissionsPolicy,
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
}

/** Serves the dashboard, `GET /` and the pages below it, from memory. */
export function dashboardRoutes(app: Server, { config: { maxFileSize, filesPublicUrl } }: Context): void {
  const headers = headersOf(filesPublicUrl)
  const send = (request: FastifyRequest, reply: FastifyReply, file: Asset, cacheControl: string) =>
    sendAsset(request, reply.headers({ ...headers, 'cache-control': cacheControl }), file)
  const page = readPage({ 'data-max-file-size': maxFileSize })
  const options = { schema: { hide: true }, config: { public: true, rateLimit: false } } as const
  for (const path of pages) {
    app.get(path, options, (request, reply) =>
      page
        ? send(request, reply, page, 'no-cache')
        : reply.code(503).type('text/plain; charset=utf-8').send(missing),
    )
  }
  if (!page) return
  // Unlike the pages it is subject to the rate limit, as other unknown paths are.
  app.get('/*', { schema: { hide: true }, config: { public: true } }, (request, reply) =>
    asksForPage(request) ? send(request, reply.code(404), page, 'no-cache') : reply.callNotFound(),
  )
  for (const name of readdirSync(join(assetsFolder, 'dashboard/assets'))) {
    const file = readAsset(`dashboard/assets/${name}`)
    if (file)
      app.get(`/assets/${name}`, options, (request, reply) => send(request, reply, file, immutableCaching))
  }
}

/** The first parts of paths that are for programs. */
const programs = /^\/(?:api|assets|auth|docs|files|public|widget)(?:\/|$)/

/** Whether a person in a browser asks for a page, which the dashboard then says it does not have. */
function asksForPage({ url, headers }: FastifyRequest): boolean {
  return /\btext\/html\b/.test(headers.accept ?? '') && !programs.test(url)
}

const missing = `The dashboard is not built. In the project's folder run

  npm ci

(without --omit=dev or --ignore-scripts), then start the server again. The API works: see /docs.
`

/** Reads the page, and adds settings of this server as attributes of its root element. */
function readPage(attributes: Record<string, number>): Asset | undefined {
  const file = readAsset('dashboard/index.html')
  if (!file) return undefined
  const html = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  const bytes = Buffer.from(file.bytes.toString().replace('<html', `<html${html.join('')}`))
  return { type: file.type, bytes, br: brotliCompressSync(bytes), gzip: gzipSync(bytes) }
}
