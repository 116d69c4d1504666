import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { skipOnPostgres } from '../../../test/databases.ts'
import { addMessages, addTestConversation } from '../../../test/factories.ts'
import { assertOthersWrite } from '../../../test/meanwhile.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
  await test.api('/labels', { method: 'POST', body: { title: 'vip' } })
})
after(() => assertStoredCounts(test).finally(() => test.close()))

const erase = (id: number, token = test.token) =>
  test.api(`/conversations/${id}`, { method: 'DELETE', token })

/** Creates a conversation with data of every kind, all of which contains `mark`. */
async function addFullConversation(mark: string): Promise<number> {
  const id = await addTestConversation(test)
  await sendMessage(test, `${mark} asked`, { message_type: 'incoming' }, id)
  await sendMessage(test, `${mark} noted`, { private: true }, id)
  const custom_attributes = { mark: `${mark} attribute` }
  await test.api(`/conversations/${id}`, { method: 'PATCH', body: { custom_attributes } })
  await test.api(`/conversations/${id}/labels`, { method: 'POST', body: { labels: ['vip'] } })
  return id
}

describe('deleting a conversation', () => {
  it('erases its messages and events, and nothing else', async () => {
    const other = await addFullConversation('OTHER')
    const id = await addFullConversation('ERASED')
    const response = await erase(id)
    assert.deepEqual([response.status, response.body], [204, ''])
    const rows = JSON.stringify(await readAllRows(test))
    assert.ok(rows.includes('OTHER asked') && !rows.includes('ERASED'))
    for (const path of [`/conversations/${id}`, `/conversations/${id}/messages`]) {
      assertRefused(await test.api(path), 404, /^conversation not found$/)
    }
    assertRefused(await erase(id), 404, /^conversation not found$/)
    assert.equal((await test.api(`/conversations/${other}`)).status, 200)
  })

  it('leaves only an event that tells agents of the deletion', async () => {
    const id = await addFullConversation('LOGGED')
    await erase(id)
    const { events } = await readAllRows(test)
    const about = (events as { conversation_id: number; name: string; audience: string; data: string }[])
      .filter(({ conversation_id }) => conversation_id === id)
      .map(({ name, audience, data }) => [name, audience, JSON.parse(data)])
    const data = {
      event: 'conversation_deleted',
      id,
      conversation: { id, inbox_id: 1 },
      account: { id: 1, name: 'My company' },
    }
    assert.deepEqual(about, [['conversation_deleted', 'agents', data]])
  })

  it('lets others write while it erases many messages, and logs one event', async () => {
    const id = await addTestConversation(test)
    await addMessages(test, id, Array(3000).fill({}))
    const { status } = await assertOthersWrite(test, erase(id))
    assert.equal(status, 204)
    const { messages, events } = await readAllRows(test)
    const isOfIt = ({ conversation_id }: { conversation_id?: number }) => conversation_id === id
    assert.equal(messages!.filter(isOfIt).length, 0)
    assert.deepEqual(
      events!.filter(isOfIt).map(({ name }: { name?: string }) => name),
      ['conversation_deleted'],
    )
  })

  it('does not free its id for another conversation', async () => {
    const id = await addTestConversation(test)
    await erase(id)
    assert.equal(await addTestConversation(test), id + 1)
  })

  it('leaves nothing of it in the files of the database', { skip: skipOnPostgres }, async () => {
    const onDisk = () =>
      ['ndoto.db', 'ndoto.db-wal'].some((name) =>
        readFileSync(join(test.config.dataDir, name)).includes('MARKED-7411'),
      )
    const id = await addFullConversation('MARKED-7411')
    assert.equal(onDisk(), true)
    await erase(id)
    assert.equal(onDisk(), false)
  })
})
