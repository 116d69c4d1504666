import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Content {
  /** The script element that loads the widget. */
  script: string
  /** The URL of the dashboard, and the credentials for it. */
  dashboard: string
  login: string
  /** Signs a token for a customer who is signed in. */
  tokenOf(identifier: string): string
}

/** Starts the website of a shop on its own port. The only part of Ndoto in its page is one script element. */
export async function startShop(port: number) {
  const page = readFileSync(new URL('shop.html', import.meta.url), 'utf8')
  let content: Content | undefined
  const server = createServer(({ url }, response) => {
    if (url !== '/' || !content) return response.writeHead(404).end()
    send(response, page, content)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    // Not the host name of the server, so that browsers treat it as another site.
    origin: `http://localhost:${address.port}`,
    show(next: Content) {
      content = next
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, page: string, { script, dashboard, login, tokenOf }: Content): void {
  const parts: Record<string, string> = { script, dashboard, login, token: tokenOf('ada') }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(page.replace(/%(\w+)%/g, (whole, name: string) => parts[name] ?? whole))
}
