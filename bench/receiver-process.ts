import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A receiver of webhooks that responds at once. It sends its port. When it gets a number, it waits for that many
 * requests, and sends the seconds that they took.
 */
let remaining = 0
let start = 0

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(204).end()
    if (--remaining === 0) process.send!((performance.now() - start) / 1000)
  })
})
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))

process.on('message', (count: number) => {
  remaining = count
  start = performance.now()
})
process.on('disconnect', () => process.exit())
