import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** A mail server (RFC 5321) that accepts what it is sent, and knows no TLS. */
export interface MailServer {
  url: string
  /** The mails so far: to whom by the envelope, and all lines. */
  mails: { to: string[]; text: string }[]
  /** The commands of all connections so far. */
  commands: string[]
  /** The next mail, or the first of those that nobody has taken. */
  next(): Promise<MailServer['mails'][number]>
  close(): void
}

/** Starts one on a free port. */
export async function startMailServer(): Promise<MailServer> {
  const mails: MailServer['mails'] = []
  const commands: string[] = []
  let taken = 0
  const server = createServer((socket) => {
    const say = (line: string) => socket.write(`${line}\r\n`)
    let to: string[] = []
    let lines: string[] | undefined
    say('220 test')
    socket.on('error', () => {})
    createInterface({ input: socket }).on('line', (line) => {
      if (lines && line === '.') {
        mails.push({ to, text: lines.join('\n') })
        server.emit('mail')
        lines = undefined
        to = []
        return say('250 taken')
      }
      if (lines) return lines.push(line)
      commands.push(line)
      if (/^STARTTLS/i.test(line)) return say('502 not here')
      if (/^EHLO/i.test(line)) return say('250 test')
      if (/^RCPT TO:<(.*)>/i.test(line)) to.push(/<(.*)>/.exec(line)![1]!)
      if (/^DATA/i.test(line)) {
        lines = []
        return say('354 go on')
      }
      say(/^QUIT/i.test(line) ? '221 bye' : '250 ok')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    commands,
    async next() {
      while (mails.length === taken) await once(server, 'mail', { signal: AbortSignal.timeout(10_000) })
      return mails[taken++]!
    },
    close: () => server.close(),
  }
}
