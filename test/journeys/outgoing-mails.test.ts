import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTestData } from '../databases.ts'
import { eventually } from '../eventually.ts'
import { call, startProgram } from '../process.ts'
import { startSmtpServer } from '../smtp-server.ts'

describe('A server that is killed while a mail server has its mail', () => {
  it('sends the same mail once more, and records it', async (t) => {
    const testData = await createTestData()
    const smtp = await startSmtpServer()
    t.after(async () => {
      await smtp.close()
      await testData.remove()
    })
    const { DATA_DIR: data = '', ...engine } = testData.environment
    const environment: Record<string, string> = { ...engine, NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }
    let server = await startProgram(t, { data, environment })
    const channel = {
      type: 'email',
      email: 'support@shop.example',
      smtp: { host: '127.0.0.1', port: smtp.port, tls: 'none' },
    }
    const { body: inbox } = await call(server, '/inboxes', { body: { name: 'Shop', channel } })
    const { body: contact } = await call(server, '/contacts', { body: { email: 'ann@example.com' } })
    const kills = 3
    for (let round = 0; round < kills; round++) {
      smtp.received.length = 0
      // It has the whole mail, and has not answered yet.
      smtp.faults.data = () => {
        server.kill('SIGKILL')
        return new Promise(() => {})
      }
      const message = { content: `Hello ${round}`, content_attributes: { subject: 'Your order' } }
      const body = { inbox_id: inbox.id, contact_id: contact.id, message }
      const { body: conversation } = await call(server, '/conversations', { body })
      await server.ended
      smtp.faults.data = undefined
      server = await startProgram(t, { data, environment })
      const path = `/conversations/${conversation.id}/messages/${conversation.last_message.id}`
      const sent = await eventually(async () => {
        const { body } = await call(server, path)
        return body.source_id !== null && body
      }, 'the mail to be recorded')
      assert.equal(smtp.received.length, 2)
      assert.equal(smtp.received[0]!.raw, smtp.received[1]!.raw)
      assert.ok(smtp.received[0]!.raw.includes(`Message-ID: ${sent.source_id}`))
    }
    assert.equal(smtp.mails.length, kills)
  })
})
