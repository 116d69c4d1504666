import type { FastifyInstance } from 'fastify'

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ndoto</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto 0; padding: 0 1.5rem }
</style>
<h1>Ndoto is running</h1>
<p>This version has no dashboard yet: programs work with it through its HTTP API.</p>
<p><a href="/docs">Read and try the API</a></p>
</html>
`

/** `GET /`: what a person sees who opens the address that the first start has printed. */
export function showFrontPage(app: FastifyInstance): void {
  app.get('/', { schema: { hide: true }, config: { public: true, rateLimit: false } }, async (_, reply) => {
    reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )
    return reply.type('text/html; charset=utf-8').send(page)
  })
}
