import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '../../../test/eventually.ts'
import { call, startProgram, temporaryDirectory, token } from '../../../test/process.ts'

describe('An import of contacts of a server that is killed', () => {
  it('knows in a check what was read before, when the server runs again', async (t) => {
    const data = temporaryDirectory(t)
    const killed = await startProgram(t, { data })
    const count = 1500
    const lines = Array.from({ length: count }, (_, at) => `n${at},n${at}@example.com\n`).join('')
    const form = new FormData()
    form.append('dry_run', 'true')
    form.append('attachments[]', new Blob([`name,email\n${lines}${lines}`]), 'contacts.csv')
    await fetch(`${killed.url}/api/v1/accounts/1/contact_imports`, {
      method: 'POST',
      headers: { api_access_token: token },
      body: form,
    })
    const get = async (server: typeof killed) => (await call(server, '/contact_imports/1')).body
    await eventually(async () => (await get(killed)).stored_count > 0)
    killed.kill()
    await killed.ended
    const server = await startProgram(t, { data })
    const before = await get(server)
    assert.equal(before.status, 'running')
    assert.ok(before.stored_count < count, before.stored_count)
    await eventually(async () => (await get(server)).status === 'done')
    const { stored_count, known_count, refused_count } = await get(server)
    assert.deepEqual([stored_count, known_count, refused_count], [count, count, 0])
  })

  it('goes on where it was when the server runs again, takes each line once, and notifies once', async (t) => {
    const data = temporaryDirectory(t)
    const killed = await startProgram(t, { data })
    const count = 1500
    // A line that exists already would be counted as known, and a line that is refused twice would be an error.
    const lines = Array.from({ length: count }, (_, at) =>
      at % 10 === 0 ? 'wrong,nothing\n' : `n${at},n${at}@example.com\n`,
    )
    const form = new FormData()
    form.append('attachments[]', new Blob([`name,email\n${lines.join('')}`]), 'contacts.csv')
    const response = await fetch(`${killed.url}/api/v1/accounts/1/contact_imports`, {
      method: 'POST',
      headers: { api_access_token: token },
      body: form,
    })
    assert.equal(response.status, 201)
    const get = async (server: typeof killed) => (await call(server, '/contact_imports/1')).body
    await eventually(async () => (await get(killed)).stored_count > 0)
    killed.kill()
    await killed.ended
    const server = await startProgram(t, { data })
    const before = await get(server)
    assert.equal(before.status, 'running')
    await eventually(async () => (await get(server)).status === 'done')
    const { stored_count, known_count, refused_count } = await get(server)
    assert.deepEqual([stored_count, known_count, refused_count], [count * 0.9, 0, count / 10])
    const { body } = await call(server, '/contacts')
    // And the contact of the installation.
    assert.equal(body.meta.count, count * 0.9 + 1)
    server.kill()
    await server.ended
    // A server that starts again does not end it again.
    const { payload } = (await call(await startProgram(t, { data }), '/notifications')).body
    assert.deepEqual(
      payload.map((one: { contact_import: { stored_count: number } }) => one.contact_import.stored_count),
      [count * 0.9],
    )
  })
})
