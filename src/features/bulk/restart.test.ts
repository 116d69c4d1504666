import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '../../../test/eventually.ts'
import { call, startProgram, temporaryDirectory, token } from '../../../test/process.ts'

describe('A bulk action of a server that is killed', () => {
  it('changes each conversation once when the server runs again', async (t) => {
    const data = temporaryDirectory(t)
    const killed = await startProgram(t, { data })
    const post = async (path: string, body: object) => {
      const response = await fetch(`${killed.url}/api/v1/accounts/1${path}`, {
        method: 'POST',
        headers: { api_access_token: token, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      assert.equal(response.status, 201)
      return response.json() as Promise<{ id: number }>
    }
    const ids = [1]
    for (let count = 1; count < 200; count++)
      ids.push((await post('/conversations', { inbox_id: 1, contact_id: 1 })).id)
    const actions = [{ action_name: 'add_private_note', action_params: ['Looked at'] }]
    await post('/bulk_actions', { conversation_ids: ids, actions })
    const get = async (server: typeof killed) => (await call(server, '/bulk_actions/1')).body
    await eventually(async () => (await get(killed)).done_count > 0)
    killed.kill()
    await killed.ended
    const server = await startProgram(t, { data })
    assert.equal((await get(server)).status, 'running')
    await eventually(async () => (await get(server)).status === 'done')
    assert.equal((await get(server)).done_count, 200)
    for (const id of ids) {
      const { body } = await call(server, `/conversations/${id}/messages`)
      const notes = body.payload.filter(({ content }: { content: string }) => content === 'Looked at')
      assert.equal(notes.length, 1)
    }
  })
})
