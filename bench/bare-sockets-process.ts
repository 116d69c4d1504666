import { type AddressInfo, createServer, type Socket } from 'node:net'

/*
 * The process of `startBareSockets`. It writes each text that it gets to all sockets in a loop, and sends the start
 * time.
 */
const sockets = new Set<Socket>()
const server = createServer((socket) => {
  sockets.add(socket.setNoDelay().on('error', () => {}))
  socket.on('data', () => socket.write('id: 0\n\n'))
})
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))
process.on('message', (text: string) => {
  const bytes = Buffer.from(text)
  const start = Number(process.hrtime.bigint()) / 1e6
  for (const socket of sockets) socket.write(bytes)
  process.send!(start)
})
process.on('disconnect', () => process.exit())
