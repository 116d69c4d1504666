import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** A mail server (RFC 5321) without TLS that accepts every mail. */
export interface MailServer {
  url: string
  /** The mails so far: the recipients of the envelope, and all lines. */
  mails: { to: string[]; text: string }[]
  /** The commands of all connections so far. */
  commands: string[]
  /** Returns the first mail that it has not returned before; waits up to 10 seconds for it. */
  next(): Promise<MailServer['mails'][number]>
  close(): void
}

/** Starts a mail server on a free port. */
export async function startMailServer(): Promise<MailServer> {
  const mails: MailServer['mails'] = []
  const commands: string[] = []
  let returned = 0
  const server = createServer((socket) => {
    const reply = (line: string) => socket.write(`${line}\r\n`)
    let to: string[] = []
    let lines: string[] | undefined
    reply('220 test')
    socket.on('error', () => {})
    createInterface({ input: socket }).on('line', (line) => {
      if (lines && line === '.') {
        mails.push({ to, text: lines.join('\n') })
        server.emit('mail')
        lines = undefined
        to = []
        return reply('250 accepted')
      }
      if (lines) return lines.push(line)
      commands.push(line)
      if (/^STARTTLS/i.test(line)) return reply('502 not implemented')
      if (/^EHLO/i.test(line)) return reply('250 test')
      if (/^RCPT TO:<(.*)>/i.test(line)) to.push(/<(.*)>/.exec(line)![1]!)
      if (/^DATA/i.test(line)) {
        lines = []
        return reply('354 end with a dot')
      }
      reply(/^QUIT/i.test(line) ? '221 bye' : '250 ok')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    commands,
    async next() {
      while (mails.length === returned) await once(server, 'mail', { signal: AbortSignal.timeout(10_000) })
      return mails[returned++]!
    },
    close: () => server.close(),
  }
}
