import { mail } from '../test/mails.ts'
import { oddMails } from '../test/odd-mails.ts'
import { temporaryDirectory } from './directory.ts'
import { type MailRate, mailReport } from './mail-report.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, processorTime, type Server, startNdoto } from './servers.ts'

const mails = 10_000
const oddOnes = 200
const connections = 16
/** Per minute. */
const goal = 3000
const secret = 'what-only-the-relay-knows'

/**
 * Measures how many mails a server stores that a mail server on the same machine delivers, some of them malformed. Throws
 * unless each has become a message, once.
 */
export async function measureIncomingMails(): Promise<Report> {
  return mailReport(
    {
      title: `Receive ${count(mails)} mails on one machine, ${oddOnes} of them malformed`,
      work: `Receive ${count(mails)} mails`,
      goal,
    },
    measureOn,
  )
}

async function measureOn(environment: Record<string, string>): Promise<MailRate> {
  using directory = temporaryDirectory()
  await using server = await startNdoto(directory.path, environment)
  const channel = { type: 'email', email: 'support@example.com', inbound_secret: secret }
  const { inbox_identifier } = JSON.parse(await call(server, '/inboxes', { name: 'Mail', channel }))
  const messages = new Set<number>()
  let next = 0
  const before = processorTime(server.pid)
  const start = performance.now()
  const deliverAll = async () => {
    while (next < mails) messages.add(await deliver(server, inbox_identifier, rawMail(next++)))
  }
  await Promise.all(Array.from({ length: connections }, deliverAll))
  const seconds = (performance.now() - start) / 1000
  if (messages.size !== mails) throw new Error(`${messages.size} messages of ${mails} mails`)
  const cost = ((processorTime(server.pid) - before) / mails) * 1e6
  return { perMinute: (mails / seconds) * 60, cost }
}

/** Delivers a mail, and returns the id of its message. */
async function deliver({ port }: Server, identifier: string, body: Buffer): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/channels/email/${identifier}/inbound`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${secret}` },
    body: new Uint8Array(body),
  })
  const text = await response.text()
  const { state, message_id } = response.ok ? JSON.parse(text) : {}
  if (state !== 'stored') throw new Error(`${response.status} ${text}`)
  return message_id
}

// Those of several megabytes measure the parser alone.
const malformed = oddMails.map(({ raw }) => raw).filter((raw) => raw().length < 64 * 1024)

/** Mail `index`: every third one answers another one, every tenth has a file, and some are malformed. */
function rawMail(index: number): Buffer {
  const id = (number: number) => `<${number}@bench.example>`
  if (index % (mails / oddOnes) === 0) {
    const raw = malformed[(index / (mails / oddOnes)) % malformed.length]!().toString('latin1')
    // Some always have the same one.
    const others = raw.replaceAll(/^message-id:.*(?:\r\n[ \t].*)*\r\n/gim, '')
    return Buffer.from(`Message-ID: ${id(index)}\r\n${others}`, 'latin1')
  }
  const isAnswer = index % 3 === 0
  return mail({
    from: `Person ${index} <person${index - (isAnswer ? 1 : 0)}@example.org>`,
    id: id(index),
    headers: isAnswer ? { 'In-Reply-To': id(index - 1), References: id(index - 1) } : {},
    body: `Content-Type: multipart/mixed; boundary="=_m"\n\n${[
      alternative,
      ...(index % 10 === 0 ? [file] : []),
    ]
      .map((part) => `--=_m\n${part}\n`)
      .join('')}--=_m--\n`,
  })
}

const paragraphs = 'Hello,\n\nwhere is my order? It was to arrive on Monday.\n\n'.repeat(5)
const quoted = `On Mon, 23 Nov 2026 at 10:00, Shop <support@example.com> wrote:\n${'> Your order is on its way.\n'.repeat(20)}`
const alternative = [
  'Content-Type: multipart/alternative; boundary="=_a"\n',
  `--=_a\nContent-Type: text/plain; charset=utf-8\n\n${paragraphs}${quoted}`,
  `--=_a\nContent-Type: text/html; charset=utf-8\n\n<p>${paragraphs}</p><blockquote>${quoted}</blockquote>`,
  '--=_a--',
].join('\n')
const file = [
  'Content-Type: application/pdf',
  'Content-Disposition: attachment; filename="bill.pdf"',
  `Content-Transfer-Encoding: base64\n\n${Buffer.alloc(20_000, '%PDF ').toString('base64').replaceAll(/.{76}/g, '$&\n')}`,
].join('\n')

if (import.meta.main) await runBenchmark(measureIncomingMails)
