import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type Asset,
  assetsFolder,
  immutableCaching,
  readAsset,
  sendAsset,
  textAsset,
} from '../../http/assets.ts'
import type { Context } from '../../http/feature.ts'
import { filesSource } from '../../http/files-host.ts'
import { permissionsPolicy, requireTrustedTypes } from '../../http/page-headers.ts'
import type { Server } from '../../http/server.ts'
import { installationRoutes } from './installation.ts'

/** The paths of the dashboard. All of them serve the same file. */
const pages = [
  '/',
  '/conversations',
  '/conversations/*',
  '/contacts',
  '/contacts/*',
  '/companies',
  '/companies/*',
  '/settings',
  '/settings/*',
  '/invitation',
  '/password',
  '/email',
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
    // The frame of a mail: mail-frame.ts.
    "frame-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    requireTrustedTypes,
    // Only that: web/dashboard/service-worker.ts.
    'trusted-types service-worker',
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
  const assets = readdirSync(join(assetsFolder, 'dashboard/assets')).flatMap((name) => {
    const file = readAsset(`dashboard/assets/${name}`)
    return file ? [{ path: `/assets/${name}`, file }] : []
  })
  for (const { path, file } of assets) {
    app.get(path, options, (request, reply) => send(request, reply, file, immutableCaching))
  }
  installationRoutes(app, {
    page: page.bytes.toString(),
    headers: { ...headers, 'content-type': page.type },
    paths: pages,
    assets: assets.map(({ path }) => path),
  })
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
  return textAsset(file.type, file.bytes.toString().replace('<html', `<html${html.join('')}`))
}
