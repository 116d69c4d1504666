import { createHash } from 'node:crypto'
import { readAsset, sendAsset, textAsset } from '../../http/assets.ts'
import type { Server } from '../../http/server.ts'

/** What the service worker needs to open the dashboard without a network (web/service-worker/settings.ts). */
export interface Shell {
  page: string
  headers: Record<string, string>
  paths: readonly string[]
  assets: readonly string[]
}

/** Its service worker may only request what this server has. */
const workerPolicy = "default-src 'none'; connect-src 'self'; img-src 'self'"
const files = [
  'manifest.webmanifest',
  'icon-192.png',
  'icon-512.png',
  'icon-maskable.png',
  'apple-touch-icon.png',
  'badge.png',
]
const day = 'public, max-age=86400'

/** What browsers load to install the dashboard as an app, and its service worker. */
export function installationRoutes(app: Server, shell: Shell): void {
  const options = { schema: { hide: true }, config: { public: true, rateLimit: false } } as const
  for (const name of files) {
    const file = readAsset(`dashboard/${name}`)
    if (!file) continue
    app.get(`/${name}`, options, (request, reply) =>
      sendAsset(request, reply.header('cache-control', day), file),
    )
  }
  const program = readAsset('dashboard/service-worker.js')
  if (!program) return
  const text = program.bytes.toString()
  const version = createHash('sha256').update(JSON.stringify(shell)).digest('base64url').slice(0, 16)
  // The page is in the program, so that it always fits to the files: another page, or other files, is another program.
  const settings = JSON.stringify({ version, ...shell })
  const worker = textAsset(program.type, `globalThis.settings = ${settings};\n${text}`)
  app.get('/service-worker.js', options, (request, reply) => {
    reply.headers({ 'cache-control': 'no-cache', 'content-security-policy': workerPolicy })
    return sendAsset(request, reply, worker)
  })
}
