import assert from 'node:assert/strict'
import type { ApiResponse, TestApp } from './app.ts'

/** What a mail of a test says. Fields that are left out have a default; null leaves a header field out. */
export interface MailInput {
  from?: string | null
  to?: string | null
  subject?: string | null
  id?: string | null
  /** Other header fields. */
  headers?: Record<string, string>
  text?: string
  /** Instead of `text`: everything after the header fields, with those that describe the body. */
  body?: string
}

let count = 0

/** Returns the raw bytes of a mail, with CRLF at the end of each line. */
export function mail(input: MailInput = {}): Buffer {
  const { from = 'Anna <anna@example.org>', to = 'support@example.com', subject = 'A question', text } = input
  const { id = `<${++count}.${Date.now()}@example.org>`, headers = {}, body } = input
  const fields = { From: from, To: to, Subject: subject, 'Message-ID': id, ...headers }
  const lines = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : `${name}: ${value}`))
  const rest = body ?? `Content-Type: text/plain; charset=utf-8\n\n${text ?? 'Where is my order?'}\n`
  return Buffer.from(`${[...lines, rest].join('\n')}`.replace(/\r?\n/g, '\r\n'))
}

/** An e-mail inbox, and what delivers mails to it. */
export interface MailInbox {
  id: number
  identifier: string
  /** Delivers raw bytes, as a mail server does. */
  deliver: (raw: Buffer, token?: string) => Promise<ApiResponse>
  /** Delivers a mail that must be stored, and returns its message. */
  receive: (input?: MailInput | Buffer) => Promise<ApiResponse['body']>
}

export const inboundSecret = 'what-only-the-relay-knows'

/** Creates an e-mail inbox to which mails are delivered. */
export async function addMailInbox(test: TestApp, settings: object = {}): Promise<MailInbox> {
  const channel = { type: 'email', email: 'support@example.com', inbound_secret: inboundSecret, ...settings }
  const { status, body } = await test.api('/inboxes', { method: 'POST', body: { name: 'Support', channel } })
  assert.equal(status, 201, JSON.stringify(body))
  const { id, inbox_identifier: identifier } = body
  const deliver: MailInbox['deliver'] = (raw, token = inboundSecret) =>
    test.api(`//channels/email/${identifier}/inbound`, {
      method: 'POST',
      body: raw,
      token: null,
      headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${token}` },
    })
  return {
    id,
    identifier,
    deliver,
    async receive(input = {}) {
      const { status, body } = await deliver(Buffer.isBuffer(input) ? input : mail(input))
      assert.deepEqual([status, body.state], [200, 'stored'], JSON.stringify(body))
      return (await test.api(`/conversations/${body.conversation_id}/messages/${body.message_id}`)).body
    },
  }
}

interface StoredMail {
  id: number
  source_id: string | null
  conversation_id: number
}

/** All messages that mails have become, in every conversation. */
export async function storedMails({ app }: TestApp): Promise<StoredMail[]> {
  const rows = app.database.read.sql.selectFrom('messages').select(['id', 'source_id', 'conversation_id'])
  return rows.where('source_id', 'is not', null).orderBy('id').execute()
}
