import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Content {
  /** The line of the widget. */
  script: string
  /** Where the dashboard is, and what opens it. */
  dashboard: string
  login: string
  /** Proves who a customer of the shop is. */
  tokenOf(identifier: string): string
}

/** A shop on a port of its own, as another company would have it: its pages know Ndoto by one line. */
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
    // Another name than that of the server, so that browsers take it for another site.
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
