import type { FastifyRequest } from 'fastify'
import { readAsset, sendAsset } from '../../http/assets.ts'
import type { Context } from '../../http/feature.ts'
import { filesSource } from '../../http/files-host.ts'
import { permissionsPolicy } from '../../http/page-headers.ts'
import type { Server } from '../../http/server.ts'

/**
 * What the frame may do: be read and filled by the dashboard, and open links in new tabs. Without `allow-scripts`, no
 * script runs in it, so that being of the same origin is of no use to what is in it.
 */
const sandbox = 'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox'

/**
 * Serves the empty page in which the dashboard shows the HTML of a mail, twice: without pictures of other servers, and with
 * them. It is a page of its own and no `srcdoc`, because that would be under the policy of the dashboard, which has to
 * forbid styles in markup and pictures of other servers.
 */
export function mailFrameRoutes(app: Server, { config: { filesPublicUrl } }: Context): void {
  const page = readAsset('dashboard/mail-frame.html')
  if (!page) return
  const options = { schema: { hide: true }, config: { public: true, rateLimit: false } } as const
  const serve = (path: string, remotePictures: string) => {
    app.get(path, options, (request, reply) => {
      const pictures = `data: ${ownFiles(request)}${filesSource(filesPublicUrl)}${remotePictures}`
      const headers = { ...headersOf(pictures), 'cache-control': 'no-cache' }
      return sendAsset(request, reply.headers(headers), page)
    })
  }
  serve('/mail-frame', '')
  serve('/mail-frame/pictures', ' http: https:')
}

function headersOf(pictures: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src ${pictures}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    sandbox,
  ]
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy': permissionsPolicy,
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
  }
}

/** The files of this server as a source: only those, since a mail must not request other paths with the agent's cookie. */
function ownFiles({ host }: FastifyRequest): string {
  // Content security policies know no IPv6 addresses.
  return /^[\w.-]+(?::\d+)?$/.test(host) ? `${host}/files/` : "'self'"
}
