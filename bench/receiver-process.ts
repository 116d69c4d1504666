import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A receiver of webhooks that takes everything at once. It says its port; sent a number, it answers when so many calls
 * have come, with the seconds that it took.
 */
let left = 0
let start = 0

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(204).end()
    if (--left === 0) process.send!((performance.now() - start) / 1000)
  })
})
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))

process.on('message', (count: number) => {
  left = count
  start = performance.now()
})
process.on('disconnect', () => process.exit())
