import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { createDatabase, skipWithoutPostgres } from '../../../test/databases.ts'
import { eventually } from '../../../test/eventually.ts'
import { atEnd, call, startProgram, temporaryDirectory } from '../../../test/process.ts'

describe('Notifications of two servers, one of which is killed', { skip: skipWithoutPostgres }, () => {
  it('count each message once, and reach a channel once', async (t) => {
    const { url, drop } = await createDatabase()
    atEnd(t, drop)
    // With a mail server, which is never called, each notification is written into the queue of a channel.
    const environment = { DATABASE_URL: url, SMTP_URL: 'smtp://127.0.0.1:9' }
    const start = () => startProgram(t, { data: temporaryDirectory(t), environment })
    const first = await start()
    const second = await start()
    const agent = (
      await call(first, '/agents', { body: { name: 'Kim', email: 'kim@example.com', role: 'administrator' } })
    ).body
    const ids: number[] = []
    for (let i = 0; i < 10; i++) {
      const { body } = await call(first, '/conversations', { body: { inbox_id: 1, contact_id: 1 } })
      await call(first, `/conversations/${body.id}/assignments`, { body: { assignee_id: agent.id } })
      ids.push(body.id)
    }
    const post = (server: { url: string }, id: number, content: string) =>
      call(server, `/conversations/${id}/messages`, { body: { content, message_type: 'incoming' } })
    const write = async (server: { url: string }, name: string, count: number) => {
      for (let i = 0; i < count; i++)
        await Promise.all(ids.map((id) => post(server, id, `${name} ${i}`).catch(() => {})))
    }
    const writing = [write(first, 'first', 30), write(second, 'second', 30)]
    const outside = new pg.Client({ connectionString: url })
    await outside.connect()
    atEnd(t, () => outside.end())
    const countOf = async (query: string) => Number((await outside.query(query)).rows[0].count)
    const notified = () =>
      countOf(`select coalesce(sum(count), 0) as count from notifications
        where notification_type = 'assigned_conversation_new_message' and user_id = ${agent.id}`)
    await eventually(async () => (await notified()) > 50)
    first.kill('SIGKILL')
    await first.ended
    await Promise.all(writing)
    const third = await start()
    await write(third, 'third', 3)
    const messages = await countOf(
      `select count(*) as count from messages where message_type = 'incoming' and conversation_id in (${ids})`,
    )
    assert.ok(messages > 300)
    await eventually(async () => (await notified()) >= messages)
    const behind = `select count(*) as count from counters c join followers f using (account_id)
      where c.name = 'events' and f.name = 'participants' and f.position < c.value`
    await eventually(async () => (await countOf(behind)) === 0)
    assert.equal(await notified(), messages)
    const own = `from notifications where user_id = ${agent.id}`
    assert.equal(await countOf(`select count(*) as count ${own}`), 2 * ids.length)
    assert.equal(await countOf(`select count(*) as count ${own} and by_mail = 1`), 2 * ids.length)
  })
})
