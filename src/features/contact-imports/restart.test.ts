import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { eventually } from '../../../test/eventually.ts'
import { call, startProgram, temporaryDirectory, token } from '../../../test/process.ts'

type Program = Awaited<ReturnType<typeof startProgram>>

const importOf = async (server: Program) => (await call(server, '/contact_imports/1')).body

/** Starts an import, kills the server in the middle of it, and returns the server that runs again. */
async function interrupt(t: TestContext, data: string, lines: string, fields: Record<string, string> = {}) {
  const killed = await startProgram(t, { data })
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('attachments[]', new Blob([`name,email\n${lines}`]), 'contacts.csv')
  const response = await fetch(`${killed.url}/api/v1/accounts/1/contact_imports`, {
    method: 'POST',
    headers: { api_access_token: token },
    body: form,
  })
  assert.equal(response.status, 201)
  await eventually(async () => (await importOf(killed)).stored_count > 0)
  killed.kill()
  await killed.ended
  const server = await startProgram(t, { data })
  const before = await importOf(server)
  assert.equal(before.status, 'running')
  return { server, before }
}

describe('An import of contacts of a server that is killed', () => {
  it('knows in a check what was read before, when the server runs again', async (t) => {
    const count = 1500
    const lines = Array.from({ length: count }, (_, at) => `n${at},n${at}@example.com\n`).join('')
    const data = temporaryDirectory(t)
    const { server, before } = await interrupt(t, data, lines + lines, { dry_run: 'true' })
    assert.ok(before.stored_count < count, before.stored_count)
    await eventually(async () => (await importOf(server)).status === 'done')
    const { stored_count, known_count, refused_count } = await importOf(server)
    assert.deepEqual([stored_count, known_count, refused_count], [count, count, 0])
  })

  it('goes on where it was when the server runs again, takes each line once, and notifies once', async (t) => {
    const count = 1500
    // A line that exists already would be counted as known, and a line that is refused twice would be an error.
    const lines = Array.from({ length: count }, (_, at) =>
      at % 10 === 0 ? 'wrong,nothing\n' : `n${at},n${at}@example.com\n`,
    )
    const data = temporaryDirectory(t)
    const { server } = await interrupt(t, data, lines.join(''))
    await eventually(async () => (await importOf(server)).status === 'done')
    const { stored_count, known_count, refused_count } = await importOf(server)
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
