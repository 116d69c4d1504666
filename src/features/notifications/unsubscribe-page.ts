import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import { permissionsPolicy, trustedTypes } from '../../http/page-headers.ts'
import type { Server } from '../../http/server.ts'
import { readUnsubscribeToken, unsubscribe } from './unsubscribing.ts'

// A program sends `List-Unsubscribe=One-Click` in a form of either kind. The link says everything.
const longestBody = 4096

/**
 * The page behind the link in mails about notifications. Programs that look at links only get it; the button, and the one of
 * a mail program, post.
 */
export function unsubscribeRoutes(app: Server, { database, config }: Context): void {
  app.register(async (plain) => {
    const scope = plain as unknown as Server
    scope.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: longestBody } as const
    ;(scope as unknown as FastifyInstance).addContentTypeParser('*', options, (_request, _body, done) =>
      done(null),
    )
    const schema = { hide: true, params: Type.Object({ token: Type.String({ maxLength: 100 }) }) }
    const route = { schema, config: { public: true } }
    const settings = `${config.publicUrl}/settings/notifications`

    scope.get('/unsubscribe/:token', route, ({ params }, reply) => {
      const isValid = readUnsubscribeToken(database, params.token) !== undefined
      return reply
        .code(isValid ? 200 : 404)
        .headers(headers)
        .send(isValid ? page('Stop these mails?', question) : page(...invalid(settings)))
    })

    scope.post('/unsubscribe/:token', route, async ({ params }, reply) => {
      const key = readUnsubscribeToken(database, params.token)
      if (key) await unsubscribe(database, key)
      return reply
        .code(key ? 200 : 404)
        .headers(headers)
        .send(key ? page('You get no more of these mails', done(settings)) : page(...invalid(settings)))
    })
  })
}

const question = `<p>Ndoto will send you no more mails about notifications. You still see them in the dashboard.</p>
<form method="post"><button>Stop these mails</button></form>`

const done = (settings: string) =>
  `<p>You still see your notifications in the dashboard, and can turn mails on again
<a href="${escaped(settings)}">in its settings</a>.</p>`

const invalid = (settings: string) =>
  [
    'This link is not valid',
    `<p>It may be incomplete, or older than the key of the server. <a href="${escaped(settings)}">The settings</a>
of the dashboard say which mails you get.</p>`,
  ] as const

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 32rem; margin: 15vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
button { font: inherit; padding: 0.5rem 1rem; min-height: 44px }`

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body><main><h1>${title}</h1>
${content}</main></body>
</html>
`
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...trustedTypes,
  ].join('; '),
  'permissions-policy': permissionsPolicy,
  'referrer-policy': 'no-referrer',
}
