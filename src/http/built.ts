import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Where `bin/build-web.mjs` puts what browsers load: a folder for each program. */
export const builtFolder = fileURLToPath(new URL('../../dist', import.meta.url))

/** The `Cache-Control` of a file whose name holds a hash of its content. */
export const keptForever = 'public, max-age=31536000, immutable'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** A file as it is sent. */
export interface BuiltFile {
  type: string
  bytes: Buffer
  /** The same, compressed. */
  br: Buffer
  gzip: Buffer
}

/** Reads a file of `dist/`; undefined where it is not built. */
export function readBuilt(name: string): BuiltFile | undefined {
  const path = join(builtFolder, name)
  const type = types[extname(name)]
  if (!type || !existsSync(`${path}.br`)) return undefined
  return {
    type,
    bytes: readFileSync(path),
    br: readFileSync(`${path}.br`),
    gzip: readFileSync(`${path}.gz`),
  }
}

/** Sends it as small as the browser takes it. */
export function sendBuilt(request: FastifyRequest, reply: FastifyReply, file: BuiltFile): FastifyReply {
  reply.type(file.type).header('vary', 'accept-encoding')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(file.br)
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(file.gzip)
  return reply.send(file.bytes)
}
