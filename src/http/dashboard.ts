import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type BuiltFile, builtFolder, keptForever, readBuilt, sendBuilt } from './built.ts'
import { permissionsPolicy, trustedTypes } from './page-headers.ts'

/** The addresses that the page itself shows something for; all of them are the same file. */
const pages = [
  '/',
  '/conversations',
  '/conversations/*',
  '/settings',
  '/settings/*',
  '/invitation',
  '/password',
]

const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...trustedTypes,
  ].join('; '),
  'permissions-policy': permissionsPolicy,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

/** `GET /` and the pages below it: the dashboard, read into memory once. `maxFileSize` in bytes. */
export function serveDashboard(app: FastifyInstance, { maxFileSize }: { maxFileSize: number }): void {
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
  for (const name of readdirSync(join(builtFolder, 'dashboard/assets'))) {
    const file = readBuilt(`dashboard/assets/${name}`)
    if (file) app.get(`/assets/${name}`, options, (request, reply) => send(request, reply, file, keptForever))
  }
}

const missing = `The dashboard is not built. In the project's folder run

  npm ci

(without --omit=dev or --ignore-scripts), then start the server again. The API is there: see /docs.
`

/** The page, with what the settings say of this server as attributes of its root. */
function readPage(attributes: Record<string, number>): BuiltFile | undefined {
  const file = readBuilt('dashboard/index.html')
  if (!file) return undefined
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  const bytes = Buffer.from(file.bytes.toString().replace('<html', `<html${written.join('')}`))
  return { type: file.type, bytes, br: brotliCompressSync(bytes), gzip: gzipSync(bytes) }
}

function send(request: FastifyRequest, reply: FastifyReply, file: BuiltFile, cacheControl: string) {
  return sendBuilt(request, reply.headers({ ...headers, 'cache-control': cacheControl }), file)
}
