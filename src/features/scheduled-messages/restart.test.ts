import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { eventually } from '../../../test/eventually.ts'
import { call, startProgram, temporaryDirectory, token } from '../../../test/process.ts'

describe('A scheduled message of a server that is killed a second before', () => {
  it('is sent once when the server runs again', async (t) => {
    const data = temporaryDirectory(t)
    const killed = await startProgram(t, { data })
    const send_at = Math.floor(Date.now() / 1000) + 2
    const response = await fetch(`${killed.url}/api/v1/accounts/1/conversations/1/scheduled_messages`, {
      method: 'POST',
      headers: { api_access_token: token, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'After the crash', send_at }),
    })
    assert.equal(response.status, 201)
    await setTimeout(send_at * 1000 - 1000 - Date.now())
    killed.kill()
    await killed.ended
    const server = await startProgram(t, { data })
    const count = async () => {
      const { body } = await call(server, '/conversations/1/messages')
      return body.payload.filter(({ content }: { content: string }) => content === 'After the crash').length
    }
    await eventually(async () => (await count()) === 1)
    await setTimeout(1500)
    assert.equal(await count(), 1)
  })
})
