import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach } from 'node:test'
import { setTimeout } from 'node:timers/promises'

const servers: Server[] = []
const open = new Set<Socket>()

afterEach(async () => {
  for (const socket of open) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

export interface LocalServer {
  port: number
  url: string
  /** Returns how many connections have been accepted. */
  count: () => number
}

/** Starts a server on a free port. It stops after the test. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<LocalServer> {
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
  })
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, host, resolve))
  servers.push(server)
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}/`, count: () => connections }
}

/** Waits until no client is connected. */
export async function untilDisconnected(): Promise<void> {
  while (open.size > 0) await setTimeout(5)
}

/** Starts a TCP server that answers the first data of a connection with `text`, and then calls `after`. */
export function startTcpServer(
  text: string | Buffer,
  after: (socket: Socket) => void = () => {},
): Promise<LocalServer> {
  return listen(
    createServer((socket) =>
      socket.once('data', () => {
        socket.write(text)
        after(socket)
      }),
    ),
  )
}

/** Starts an HTTP server. `seen` has the requests so far, with their bodies. */
export async function startHttpServer(respond: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: { request: IncomingMessage; body: string }[] = []
  const server = createHttpServer(async (request, response) => {
    seen.push({ request, body: (await request.toArray()).join('') })
    respond(request, response)
  })
  return { ...(await listen(server)), seen }
}

/** Returns `url` with a host name instead of the address of this machine. */
export function withHostname(url: string, name: string): string {
  return url.replace('127.0.0.1', name)
}

/** Resolves every name to this machine. */
export async function resolveToLoopback(): Promise<{ address: string }[]> {
  return [{ address: '127.0.0.1' }]
}
