import { connect } from 'node:net'
import type { Marks } from './sockets.ts'

/* The process of `openSockets`. It opens them, sends 'open', and then sends the times at which each event arrived. */
interface Task {
  port: number
  request: string
  count: number
  marks: Marks
}

const now = () => Number(process.hrtime.bigint()) / 1e6

process.on('message', async ({ port, request, count, marks }: Task) => {
  let times: number[] = []
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').on('error', reject)
      socket.on('close', () => process.exit(1))
      // A request can contain bytes of a WebSocket.
      socket.write(request, 'latin1')
      let isOpen = false
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1')
        if (!isOpen) {
          // It can come together with a signal, such as that a user is online.
          isOpen = text.includes(marks.opened)
          if (isOpen) resolve()
          return
        }
        if (!text.includes(marks.event)) return
        times.push(now())
        if (times.length < count) return
        process.send!(times)
        times = []
      })
    })
  for (let opened = 0; opened < count; opened += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - opened) }, open))
  }
  process.send!('open')
})
process.on('disconnect', () => process.exit())
