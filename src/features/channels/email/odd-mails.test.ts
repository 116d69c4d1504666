import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import { addMailInbox, type MailInbox, mail } from '../../../../test/mails.ts'
import { oddMails } from '../../../../test/odd-mails.ts'

describe('An odd mail', () => {
  let test: TestApp
  let inbox: MailInbox
  before(async () => {
    test = await startTestApp()
    inbox = await addMailInbox(test)
  })
  after(() => test.close())

  it('of a kind that programs send is in the list, and there are at least 60 kinds', () => {
    const names = new Set(oddMails.map(({ name }) => name))
    assert.equal(names.size, oddMails.length)
    assert.ok(names.size >= 60)
  })

  for (const { name, raw, content, email, files, sender } of oddMails) {
    it(`is stored: ${name}`, async () => {
      const bytes = raw()
      const message = await inbox.receive(bytes)
      if (typeof content === 'string') assert.equal(message.content, content)
      else if (content) assert.match(message.content, content)
      const shown = message.content_attributes.email
      for (const [field, value] of Object.entries(email ?? {})) assert.deepEqual(shown[field], value, field)
      if (sender !== undefined) assert.equal(message.sender.name, sender)
      if (files) {
        const names = message.attachments.map(({ file_name }: { file_name: string }) => file_name)
        assert.deepEqual(
          names.map((one: string, index: number) => (files[index] === null ? null : one)),
          files,
        )
      }
      assert.ok(JSON.stringify(message).length < 400_000)
      // The whole of it can be seen, and every byte was kept.
      const path = `/conversations/${message.conversation_id}/messages/${message.id}/email`
      if (shown.unreadable) return
      assert.equal((await test.api(path)).status, 200)
      const response = await fetch(`${test.app.url}/api/v1/accounts/1${path}/raw`, {
        headers: { api_access_token: test.token },
      })
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes))
    })
  }

  it('of 40 MB does not hold up other requests', async () => {
    const file = Buffer.alloc(30 * 1024 * 1024, 'x')
      .toString('base64')
      .replace(/.{76}/g, '$&\n')
    const body = `Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=big.bin\nContent-Transfer-Encoding: base64\n\n${file}`
    const large = inbox.receive(mail({ body }))
    let isRunning = true
    const waits: number[] = []
    const watch = (async () => {
      while (isRunning) {
        const start = performance.now()
        await test.api('//health')
        waits.push(performance.now() - start)
      }
    })()
    const message = await large
    isRunning = false
    await watch
    assert.equal(message.content_attributes.email.message_id.length > 0, true)
    assert.ok(waits.length > 20, `${waits.length} other requests were answered`)
  })

  it('that is larger than the limit is refused, and leaves nothing', async () => {
    const response = await inbox.deliver(Buffer.alloc(65 * 1024 * 1024, 'x')).catch(() => undefined)
    // The server may close the connection before the client has sent everything.
    if (response) assert.equal(response.status, 413)
  })
})
