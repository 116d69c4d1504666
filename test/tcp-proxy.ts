import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { atEnd, type Scope } from './process.ts'

/** A way to a database server that can be made to fail. */
export interface TcpProxy {
  /** The database's, by this way. */
  url: string
  /** How many connections are open on it. */
  count(): number
  /** From now on nothing comes through, and nobody is told: a server that hangs, a cable that is pulled. */
  hang(): void
  /** From now on the server hears, but nobody hears the server. */
  mute(): void
  /** As `hang`, for the connections that are open now: new ones come through. */
  strand(): void
  /** Everything comes through again, also what was sent meanwhile. */
  resume(): void
  /** Breaks all connections. */
  cut(): void
  /** Breaks all connections, and refuses new ones from now on. */
  close(): Promise<void>
}

/** A relay to the server of `databaseUrl`, gone when the test is over. */
export async function startTcpProxy(scope: Scope, databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const ofServer = new WeakSet<Socket>()
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
    ofServer.add(far)
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
  const relay: TcpProxy = {
    url: url.href,
    count: () => sockets.size / 2,
    hang() {
      hanging = true
      each((socket) => socket.pause())
    },
    strand: () => each((socket) => socket.pause()),
    mute: () => each((socket) => ofServer.has(socket) && socket.pause()),
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
  atEnd(scope, () => relay.close())
  return relay
}
