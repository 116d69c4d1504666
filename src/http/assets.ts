import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The folder of the files that `bin/build-web.mjs` builds for browsers, with a subfolder for each program. */
export const assetsFolder = fileURLToPath(new URL('../../dist/web', import.meta.url))

/** The `Cache-Control` of a file whose name contains a hash of its content. */
export const immutableCaching = 'public, max-age=31536000, immutable'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

/** A file for browsers, in memory. */
export interface Asset {
  type: string
  bytes: Buffer
  /** The same bytes, compressed; undefined if the format is compressed itself. */
  compressed?: { br: Buffer; gzip: Buffer }
}

/** Reads a file of `dist/web/`. Returns undefined if it has not been built. */
export function readAsset(name: string): Asset | undefined {
  const path = join(assetsFolder, name)
  const type = types[extname(name)]
  if (!type || !existsSync(path)) return undefined
  const bytes = readFileSync(path)
  if (!existsSync(`${path}.br`)) return { type, bytes }
  return { type, bytes, compressed: { br: readFileSync(`${path}.br`), gzip: readFileSync(`${path}.gz`) } }
}

/** Returns a text as a file, compressed. */
export function textAsset(type: string, text: string): Asset {
  const bytes = Buffer.from(text)
  return { type, bytes, compressed: { br: brotliCompressSync(bytes), gzip: gzipSync(bytes) } }
}

/** Sends a file with the best compression that the browser accepts. */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, file: Asset): FastifyReply {
  const { bytes, compressed } = file
  reply.type(file.type)
  if (!compressed) return reply.send(bytes)
  reply.header('vary', 'accept-encoding')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(compressed.br)
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(compressed.gzip)
  return reply.send(bytes)
}
