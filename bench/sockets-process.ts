import { connect } from 'node:net'

/* The process of `openSockets`. It opens them, sends 'open', and then sends the times at which each event arrived. */
interface Task {
  port: number
  request: string
  count: number
}

const now = () => Number(process.hrtime.bigint()) / 1e6

process.on('message', async ({ port, request, count }: Task) => {
  let times: number[] = []
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').on('error', reject)
      socket.on('close', () => process.exit(1))
      socket.write(request)
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1')
        if (text.includes('id: ') && !text.includes('data: ')) resolve()
        if (!text.includes('data: ')) return
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
