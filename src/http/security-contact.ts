import type { FastifyInstance } from 'fastify'

// RFC 9116 recommends less than a year, so that old copies are not used.
const lifetime = 180 * 24 * 60 * 60 * 1000

/**
 * Serves `GET /.well-known/security.txt` (RFC 9116), the contact for reports of vulnerabilities. `contact` is a mailto: or
 * https: URL.
 */
export function serveSecurityContact(app: FastifyInstance, contact: string, publicUrl: string): void {
  const path = '/.well-known/security.txt'
  app.get(path, { schema: { hide: true }, config: { public: true } }, (_, reply) => {
    const lines = [
      `Contact: ${contact}`,
      `Expires: ${new Date(Date.now() + lifetime).toISOString()}`,
      // The standard requires https here.
      ...(publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}${path}`] : []),
    ]
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })
}
