import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addTestConversation } from '../../../test/factories.ts'
import { fetchFile, picture, sendFile, sendForm, storedFiles } from '../../../test/files.ts'

describe('files', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp({}, { intervals: { sweep: 20 } })
  })
  after(() => test.close())
  const rows = () => test.app.database.read.sql.selectFrom('files').selectAll().execute()
  const noneLeft = async () => storedFiles(test).length === 0 && (await rows()).length === 0

  /** Sends a picture (a file and its thumbnail) to a new conversation. */
  const sendPicture = async (inboxId = 1) => {
    const conversationId = await addTestConversation(test, { inboxId })
    const file = { bytes: await picture(50, 50), name: 'secret.jpg' }
    const { status, body } = await sendForm(test, { content: 'x' }, [file], { conversationId })
    assert.equal(status, 201)
    assert.equal(storedFiles(test).length, 2)
    const { contact } = (await test.api(`/conversations/${conversationId}`)).body
    const paths = {
      message: `/conversations/${conversationId}/messages/${body.id}`,
      conversation: `/conversations/${conversationId}`,
      contact: `/contacts/${contact.id}`,
      inbox: `/inboxes/${inboxId}?force=true`,
    }
    return { body, paths }
  }

  for (const what of ['message', 'conversation', 'contact', 'inbox'] as const) {
    it(`are deleted with their ${what}, and their links stop working at once`, async () => {
      const { body, paths } = await sendPicture(await addInbox(test))
      const [{ data_url, thumb_url }] = body.attachments
      assert.equal((await fetchFile(test, data_url)).status, 200)
      const { status } = await test.api(paths[what], { method: 'DELETE' })
      assert.ok(status === 200 || status === 204, String(status))
      assert.equal((await fetchFile(test, data_url)).status, 404)
      assert.equal((await fetchFile(test, thumb_url)).status, 404)
      await eventually(noneLeft)
    })
  }

  it('do not appear in the tombstone or events of a deleted message', async () => {
    const { paths } = await sendPicture()
    const { body } = await test.api(paths.message, { method: 'DELETE' })
    assert.deepEqual(body.attachments, [])
    const events = await test.api('/events?after=0&limit=1000', { headers: { accept: 'application/json' } })
    assert.doesNotMatch(JSON.stringify(events.body), /secret\.jpg/)
    await eventually(noneLeft)
  })

  it('are stored as long as their message exists, even if it is edited', async () => {
    const { body, paths } = await sendPicture()
    const edited = await test.api(paths.message, { method: 'PATCH', body: { content: 'edited' } })
    assert.deepEqual(edited.body.attachments, body.attachments)
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal((await fetchFile(test, body.attachments[0].data_url)).status, 200)
    await test.api(paths.message, { method: 'DELETE' })
    await eventually(noneLeft)
  })

  it('are in the export of their contact', async () => {
    const { body, paths } = await sendPicture()
    const exported = await test.api(`${paths.contact}/export`)
    assert.deepEqual(exported.body.conversations[0].messages[0].attachments, body.attachments)
    await test.api(paths.contact, { method: 'DELETE' })
    await eventually(noneLeft)
  })

  it('of a repeated request are deleted', async () => {
    const post = () =>
      sendForm(test, { content: 'x' }, [{ bytes: 'a', name: 'a' }], { headers: { 'idempotency-key': 'k' } })
    const first = await post()
    assert.equal((await post()).status, 200)
    await eventually(async () => (await rows()).length === 1 && storedFiles(test).length === 1)
    await test.api(`/conversations/1/messages/${first.body.id}`, { method: 'DELETE' })
    await eventually(noneLeft)
  })

  it('without a message are deleted, but not before their time', async () => {
    const { database } = test.app
    const key = 'ab'.repeat(16)
    const file = join(test.config.dataDir, 'files', '1', 'ab', key)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, 'left by a process that was killed')
    const row = {
      account_id: 1,
      id: 999,
      key,
      type: 'text/plain',
      name: 'x',
      size: 1,
      thumbnail: 0,
      created_at: 0,
    }
    await database.transaction(1, (tx) =>
      tx.sql
        .insertInto('files')
        .values({ ...row, due_at: Date.now() + 60_000 })
        .execute(),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.ok(storedFiles(test).includes(key))
    await database.transaction(1, (tx) => tx.sql.updateTable('files').set({ due_at: Date.now() }).execute())
    await eventually(noneLeft)
  })

  it('of a sender who disconnects are deleted', async () => {
    const { port } = new URL(test.app.url)
    const socket = connect(Number(port), '127.0.0.1')
    const head = [
      'POST /api/v1/accounts/1/conversations/1/messages HTTP/1.1',
      'Host: x',
      `api_access_token: ${test.token}`,
      'Content-Type: multipart/form-data; boundary=y',
      'Content-Length: 1000000',
      '',
      '--y',
      'Content-Disposition: form-data; name="attachments[]"; filename="x"',
      '',
      'x'.repeat(100_000),
    ]
    socket.write(head.join('\r\n'))
    await eventually(() => storedFiles(test).length === 1)
    socket.destroy()
    await eventually(noneLeft)
  })

  it('that cannot be written create no message', {
    skip: process.getuid?.() === 0 && 'root may write anywhere',
  }, async () => {
    const directory = join(test.config.dataDir, 'files')
    chmodSync(directory, 0o500)
    assertRefused(
      await sendForm(test, { content: 'x' }, [{ bytes: 'x', name: 'x' }]),
      503,
      /cannot be stored at the moment/,
    )
    chmodSync(directory, 0o700)
  })

  it('without a storage create no message, and work again when the storage is back', async () => {
    const directory = join(test.config.dataDir, 'files')
    rmSync(directory, { recursive: true, force: true })
    writeFileSync(directory, 'a file where the folder should be')
    const before = (await test.api('/conversations/1/messages')).body
    assertRefused(
      await sendForm(test, { content: 'x' }, [{ bytes: 'x', name: 'x' }]),
      503,
      /cannot be stored at the moment/,
    )
    assert.deepEqual((await test.api('/conversations/1/messages')).body, before)
    rmSync(directory)
    await sendFile(test, { bytes: 'x', name: 'x' })
  })
})

describe('temporary files of a process that was killed', () => {
  it('are deleted at a start if they are old', async () => {
    const test = await startTestApp()
    try {
      const directory = join(test.config.dataDir, 'files', 'arriving')
      mkdirSync(directory, { recursive: true })
      for (const name of ['old', 'new']) writeFileSync(join(directory, name), 'x')
      utimesSync(join(directory, 'old'), 0, 0)
      await test.restart()
      await eventually(() => storedFiles(test).join() === 'new')
    } finally {
      await test.close()
    }
  })
})
