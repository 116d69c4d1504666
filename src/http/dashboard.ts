import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Where `bin/build-dashboard.mjs` puts what browsers load. */
const built = fileURLToPath(new URL('../../dist/dashboard', import.meta.url))

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

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

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
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
}

interface File {
  type: string
  bytes: Buffer
  /** The same, compressed. */
  br: Buffer
  gzip: Buffer
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
  for (const name of readdirSync(join(built, 'assets'))) {
    const file = readBuilt(`assets/${name}`)
    // Their names hold a hash of their content.
    const kept = 'public, max-age=31536000, immutable'
    if (file) app.get(`/assets/${name}`, options, (request, reply) => send(request, reply, file, kept))
  }
}

const missing = `The dashboard is not built. In the project's folder run

  npm ci

(without --omit=dev or --ignore-scripts), then start the server again. The API is there: see /docs.
`

/** The page, with what the settings say of this server as attributes of its root. */
function readPage(attributes: Record<string, number>): File | undefined {
  const file = readBuilt('index.html')
  if (!file) return undefined
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  const bytes = Buffer.from(file.bytes.toString().replace('<html', `<html${written.join('')}`))
  return { type: file.type, bytes, br: brotliCompressSync(bytes), gzip: gzipSync(bytes) }
}

function readBuilt(name: string): File | undefined {
  const path = join(built, name)
  const type = types[extname(name)]
  if (!type || !existsSync(`${path}.br`)) return undefined
  return {
    type,
    bytes: readFileSync(path),
    br: readFileSync(`${path}.br`),
    gzip: readFileSync(`${path}.gz`),
  }
}

function send(request: FastifyRequest, reply: FastifyReply, file: File, cacheControl: string): FastifyReply {
  reply.headers({ ...headers, 'cache-control': cacheControl }).type(file.type)
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(file.br)
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(file.gzip)
  return reply.send(file.bytes)
}
