import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'

/* The process of `startBare`. It gets the page, and sends the port. */
process.on('message', async (page: string) => {
  const app = Fastify({ logger: false })
  app.get('/', (_, reply) => {
    reply.type('application/json; charset=utf-8').send(page)
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  process.send!((app.server.address() as AddressInfo).port)
})
process.on('disconnect', () => process.exit())
