import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/*
 * A mail server that takes every mail at once. It sends its port. When it gets a number, it waits for that many mails, and
 * sends the seconds that they took.
 */
let remaining = 0
let start = 0

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, done) {
    stream.resume()
    stream.on('end', () => {
      done()
      if (--remaining === 0) process.send!((performance.now() - start) / 1000)
    })
  },
})
const listener = server.listen(0, '127.0.0.1', () => process.send!((listener.address() as AddressInfo).port))

process.on('message', (count: number) => {
  remaining = count
  start = performance.now()
})
process.on('disconnect', () => process.exit())
