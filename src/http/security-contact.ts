import type { FastifyInstance } from 'fastify'

// At most a year (RFC 9116): whoever reads an old copy shall look again.
const lastsMilliseconds = 180 * 24 * 60 * 60 * 1000

/** `GET /.well-known/security.txt` (RFC 9116): whom to tell about a vulnerability. `contact` is a mailto: or https: URL. */
export function serveSecurityContact(app: FastifyInstance, contact: string, publicUrl: string): void {
  const path = '/.well-known/security.txt'
  app.get(path, { schema: { hide: true }, config: { public: true } }, (_, reply) => {
    const lines = [
      `Contact: ${contact}`,
      `Expires: ${new Date(Date.now() + lastsMilliseconds).toISOString()}`,
      // The standard allows no other scheme here.
      ...(publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}${path}`] : []),
    ]
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })
}
