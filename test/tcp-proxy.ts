import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { atEnd, type Scope } from './process.ts'

/** A TCP proxy to a database server that can be made to fail. */
export interface TcpProxy {
  /** The URL of the database through the proxy. */
  url: string
  /** Returns the number of open connections. */
  count(): number
  /** Stops passing on data, without closing connections: a server that hangs, or a broken network. */
  hang(): void
  /** Stops passing on data from the server to clients. */
  mute(): void
  /** Stops passing on data of the connections that are open now. New connections work. */
  strand(): void
  /** Passes on data again, including what was sent meanwhile. */
  resume(): void
  /** Closes all connections. */
  cut(): void
  /** Closes all connections, and refuses new ones. */
  close(): Promise<void>
}

/** Starts a proxy to the server of `databaseUrl`. It stops at the end of the test. */
export async function startTcpProxy(scope: Scope, databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const serverSockets = new WeakSet<Socket>()
  let hanging = false
  const join = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (chunk) => to.write(chunk))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    if (hanging) from.pause()
  }
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname)
    serverSockets.add(far)
    join(near, far)
    join(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const each = (act: (socket: Socket) => unknown) => {
    for (const socket of sockets) act(socket)
  }
  const proxy: TcpProxy = {
    url: url.href,
    count: () => sockets.size / 2,
    hang() {
      hanging = true
      each((socket) => socket.pause())
    },
    strand: () => each((socket) => socket.pause()),
    mute: () => each((socket) => serverSockets.has(socket) && socket.pause()),
    resume() {
      hanging = false
      each((socket) => socket.resume())
    },
    cut: () => each((socket) => socket.destroy()),
    async close() {
      each((socket) => socket.destroy())
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
  atEnd(scope, () => proxy.close())
  return proxy
}
