import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { startHttpServer } from '../../../test/local-servers.ts'
import { storedName } from '../../files/names.ts'

const linesOf = (name: string, count: number) =>
  `name,email\n${Array.from({ length: count }, (_, at) => `${name},${name}${at}@example.com\n`).join('')}`
const start = async ({ api }: TestApp, content: string): Promise<number> => {
  const form = new FormData()
  form.append('attachments[]', new Blob([content]), 'contacts.csv')
  const { status, body } = await api('/contact_imports', { method: 'POST', body: form })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}
const get = async ({ api }: TestApp, id: number) => (await api(`/contact_imports/${id}`)).body
const ended = async (test: TestApp, id: number) => {
  await eventually(async () => (await get(test, id)).status !== 'running')
  return get(test, id)
}
const skipTime = (t: TestContext, milliseconds: number) => {
  const now = Date.now
  t.mock.method(Date, 'now', () => now() + milliseconds)
}

describe('An import whose file cannot be read', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  /** Puts a folder in the place of the file. Returns a function that puts the file back. */
  const breakFile = async (id: number) => {
    const rows = test.app.database.read.sql.selectFrom('contact_imports').select('attachments')
    const { attachments } = await rows.where('id', '=', id).executeTakeFirstOrThrow()
    const path = join(test.config.dataDir, 'files', storedName(1, JSON.parse(attachments)[0].key))
    renameSync(path, `${path}.away`)
    mkdirSync(path)
    return () => {
      rmdirSync(path)
      renameSync(`${path}.away`, path)
    }
  }

  it('does not stop the imports of others, and goes on once the file can be read', async (t) => {
    const id = await start(test, linesOf('waiting', 2000))
    const restore = await breakFile(id)
    assert.equal((await ended(test, await start(test, linesOf('other', 10)))).stored_count, 10)
    const waiting = await get(test, id)
    assert.deepEqual([waiting.status, waiting.error], ['running', null])
    assert.ok(waiting.stored_count < 2000, String(waiting.stored_count))
    restore()
    skipTime(t, 11_000)
    const done = await ended(test, id)
    assert.deepEqual([done.status, done.stored_count, done.known_count], ['done', 2000, 0])
  })

  it('fails after an hour', async (t) => {
    const id = await start(test, linesOf('lost', 2000))
    await breakFile(id)
    await ended(test, await start(test, linesOf('another', 10)))
    assert.equal((await get(test, id)).status, 'running')
    skipTime(t, 60 * 60_000 + 1000)
    const { status, error } = await ended(test, id)
    assert.deepEqual([status, error], ['failed', 'the file cannot be read: see the log of the server'])
  })
})

describe('An import whose file is in an S3 bucket', () => {
  it('goes on if the connection breaks in the middle of the file', async (t) => {
    const content = linesOf('bucket', 1000)
    let isBroken = false
    let breaks = 0
    const service = await startHttpServer(({ method, headers }, response) => {
      if (method !== 'GET') return response.end()
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range!)!
      const part = content.slice(Number(from), Number(to) + 1)
      if (!isBroken) return response.writeHead(206, { 'content-length': part.length }).end(part)
      breaks += 1
      response.writeHead(206, { 'content-length': part.length })
      return response.write(part.slice(0, 100), () => response.destroy())
    })
    const FILES_URL = `s3+http://K:S@127.0.0.1:${service.port}/bucket`
    const test = await startTestApp({ FILES_URL })
    t.after(() => test.close())
    const id = await start(test, content)
    isBroken = true
    await eventually(() => breaks > 0)
    isBroken = false
    skipTime(t, 11_000)
    const { status, stored_count } = await ended(test, id)
    assert.deepEqual([status, stored_count], ['done', 1000])
  })
})
