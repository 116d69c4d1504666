import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation } from '../../../test/factories.ts'
import { fetchFile, formOf, picture, storedFiles } from '../../../test/files.ts'
import { attachedFiles } from '../attachments/backup.store.ts'

const onPostgres = process.env.TEST_DATABASE_URL !== undefined

let test: TestApp
let file: { bytes: Buffer; name: string }
before(async () => {
  test = await startTestApp({}, { intervals: { sweep: 20 } })
  file = { bytes: await picture(50, 50), name: 'map.jpg' }
})
after(() => test.close())

let count = 0
const fields = () => ({ short_code: `map-${++count}`, content: 'Here is the way.' })
const create = async (files = [file]) => {
  const { status, body } = await test.api('/canned_responses', {
    method: 'POST',
    body: formOf(fields(), files),
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const remove = (path: string) => test.api(path, { method: 'DELETE' })
const rows = () => test.app.database.read.sql.selectFrom('files').selectAll().orderBy('id').execute()
const noneLeft = () => eventually(async () => storedFiles(test).length === 0 && (await rows()).length === 0)

/** Sends a message with the files of a canned response to a new conversation. */
async function send(id: number, form?: FormData) {
  const conversationId = await addTestConversation(test)
  const body = form ?? { content: 'See the map.', message_type: 'outgoing', canned_response_ids: [id] }
  const path = `/conversations/${conversationId}/messages`
  const sent = await test.api(path, { method: 'POST', body })
  assert.equal(sent.status, 201, JSON.stringify(sent.body))
  return {
    body: sent.body,
    path: `${path}/${sent.body.id}`,
    conversation: `/conversations/${conversationId}`,
  }
}

describe('The files of a canned response', () => {
  it('are stored once, and are deleted with their last use', async () => {
    const response = await create()
    const messages = [await send(response.id), await send(response.id)]
    assert.equal(storedFiles(test).length, 2, 'a file and its thumbnail')
    assert.deepEqual(
      messages.map(({ body }) => body.attachments[0].id),
      [response.attachments[0].id, response.attachments[0].id],
    )
    const isThere = async () => (await fetchFile(test, response.attachments[0].data_url)).status === 200
    await remove(messages[0]!.path)
    assert.ok(await isThere())
    assert.equal((await remove(`/canned_responses/${response.id}`)).status, 204)
    assert.ok(await isThere())
    assert.deepEqual(
      (await rows()).map(({ name, shares }) => [name, shares]),
      [['map.jpg', 0]],
    )
    await remove(messages[1]!.path)
    assert.equal(await isThere(), false)
    await noneLeft()
  })

  for (const what of ['conversation', 'contact'] as const) {
    it(`are still there after the ${what} of a message with them is erased`, async () => {
      const response = await create()
      const { conversation } = await send(response.id)
      const { contact } = (await test.api(conversation)).body
      const erased = await remove(what === 'contact' ? `/contacts/${contact.id}` : conversation)
      assert.equal(erased.status, 204)
      assert.equal((await fetchFile(test, response.attachments[0].data_url)).status, 200)
      await remove(`/canned_responses/${response.id}`)
      await noneLeft()
    })
  }

  it('are in a backup, also if no message has them', { skip: onPostgres }, async () => {
    const response = await create()
    const names = attachedFiles(test.config.dataDir).map(({ key }) => key)
    assert.deepEqual(
      names,
      (await rows()).map(({ key }) => key),
    )
    assert.equal(names.length, 1)
    await remove(`/canned_responses/${response.id}`)
    await noneLeft()
  })

  it('are sent in addition to those of the message', async () => {
    const response = await create()
    const own = { bytes: 'a list', name: 'list.txt' }
    const form = formOf({ message_type: 'outgoing', canned_response_ids: JSON.stringify([response.id]) }, [
      own,
    ])
    const { body, path } = await send(response.id, form)
    assert.deepEqual(
      body.attachments.map(({ file_name }: { file_name: string }) => file_name),
      ['map.jpg', 'list.txt'],
    )
    await remove(path)
    await eventually(async () => (await rows()).length === 1)
    await remove(`/canned_responses/${response.id}`)
    await noneLeft()
  })

  it('can be removed and added, without changing the messages that have them', async () => {
    const response = await create([file, { bytes: Buffer.from('first'), name: 'first.txt' }])
    const sent = await send(response.id)
    const path = `/canned_responses/${response.id}`
    const form = formOf({ attachment_ids: JSON.stringify([response.attachments[0].id]) }, [
      { bytes: 'second', name: 'second.txt' },
    ])
    const changed = await test.api(path, { method: 'PATCH', body: form })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    const names = (list: { file_name: string }[]) => list.map(({ file_name }) => file_name)
    assert.deepEqual(names(changed.body.attachments), ['map.jpg', 'second.txt'])
    const message = (await test.api(sent.path)).body
    assert.deepEqual(names(message.attachments), ['map.jpg', 'first.txt'])
    assert.equal((await fetchFile(test, message.attachments[1].data_url)).status, 200)
    const unknown = await test.api(path, { method: 'PATCH', body: { attachment_ids: [999] } })
    assertRefused(unknown, 422, /^attachment_ids has no file 999/)
    await remove(sent.path)
    await remove(path)
    await noneLeft()
  })

  it('are not stored if the canned response is refused', async () => {
    const taken = await create([])
    const form = formOf({ short_code: taken.short_code, content: 'x' }, [file])
    const refused = await test.api('/canned_responses', { method: 'POST', body: form })
    assertRefused(refused, 422, /^short_code is already used/)
    await noneLeft()
  })

  it('and those of a message are at most 15 together', async () => {
    const response = await create([file])
    const files = Array.from({ length: 15 }, (_, index) => ({ bytes: 'x', name: `${index}.txt` }))
    const form = formOf({ message_type: 'outgoing', canned_response_ids: `[${response.id}]` }, files)
    const refused = await test.api('/conversations/1/messages', { method: 'POST', body: form })
    assertRefused(refused, 422, /^attachments must be at most 15 files/)
    await remove(`/canned_responses/${response.id}`)
    await noneLeft()
  })

  it('are counted by triggers on every table with attachments', async () => {
    const { sql, engine } = test.app.database.read
    const tables = (await sql.introspection.getTables()).filter(({ columns }) =>
      columns.some(({ name }) => name === 'attachments'),
    )
    assert.ok(tables.length >= 2)
    const triggers = engine === 'sqlite' ? ['sqlite_schema', 'name'] : ['pg_trigger', 'tgname']
    const found = await sql
      .selectFrom(triggers[0] as 'files')
      .select(`${triggers[1]} as name` as 'name')
      .execute()
    const names = new Set(found.map(({ name }) => name))
    for (const { name } of tables)
      for (const change of ['insert', 'update', 'delete'])
        assert.ok(
          names.has(`${name}_files_${change}`),
          `${name} has no trigger for ${change}: see migration 30`,
        )
  })
})
