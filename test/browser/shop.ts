import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestApp } from '../app.ts'

/** A website of somebody else: another server, on another port and under another name than that of Ndoto. */
export interface Shop {
  /** `http://localhost:PORT` */
  origin: string
  /** Gives a path a page, with headers if need be. */
  page(path: string, html: string, headers?: Record<string, string>): void
  close(): Promise<void>
}

export async function startShop(): Promise<Shop> {
  const pages = new Map<string, { html: string; headers: Record<string, string> }>()
  const server = createServer(({ url }, response) => {
    const page = pages.get(new URL(url!, 'http://shop').pathname)
    if (!page) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    page: (path, html, headers = {}) => pages.set(path, { html, headers }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The line that a website gets, with the address that the server has in this test. */
export function embedding({ app }: { app: { url: string } }, inbox: { inbox_identifier: string }): string {
  return `<script src="${app.url}/widget.js" data-inbox="${inbox.inbox_identifier}" async></script>`
}

/** A page of the shop with something in it. */
export function shopPage(body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Shop</title>${head}</head><body><main><h1>Shoes</h1>${body}</main></body></html>`
}

/** An inbox for websites, open to a shop. */
export async function addWidget(test: TestApp, shop: Shop, channel: object = {}, more: object = {}) {
  const whole = { type: 'web_widget', website_url: `${shop.origin}/anything`, ...channel }
  const body = { name: 'Shoe shop', channel: whole, ...more }
  const answer = await test.api('/inboxes', { method: 'POST', body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
