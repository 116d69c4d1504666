import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { formOf } from '../files.ts'
import {
  assertDone,
  assertFailed,
  assertSound,
  call,
  dataMadeOnce,
  look,
  messages,
  post,
  type Running,
  runProgram,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

/** Data as a server that was stopped has left it. */
const installation = dataMadeOnce({ after })

async function sendFile({ url }: Running, bytes: string) {
  const response = await fetch(`${url}/api/v1/accounts/1/conversations/1/messages`, {
    method: 'POST',
    headers: { api_access_token: token },
    body: formOf({ message_type: 'outgoing' }, [{ bytes, name: 'note.txt' }]),
  })
  assert.equal(response.status, 201)
  return (await response.json()) as { id: number; attachments: { data_url: string }[] }
}

/** What is behind the link of a message's only file. */
async function fileOf(server: Running, id: number): Promise<{ status: number; text: string }> {
  const { body } = await call(server, `/conversations/1/messages/${id}`)
  const { pathname, search } = new URL(body.attachments[0].data_url)
  const response = await fetch(server.url + pathname + search)
  return { status: response.status, text: await response.text() }
}

describe('ndoto backup', { concurrency: 3 }, () => {
  it('copies a database that is written to: sound, complete, and of one moment', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const answered: number[] = []
    let stopping = false
    const writers = Array.from({ length: 10 }, async (_, name) => {
      for (let count = 0; !stopping; count++) {
        answered.push((await post(server, `${name}.${count} ${'x'.repeat(1000)}`)).body.id)
      }
    })
    await setTimeout(300)
    for (const copy of [join(data, 'copy one'), join(data, 'copy two')]) {
      const before = [...answered]
      const ended = await runProgram(['backup', copy], { data })
      assertDone(ended)
      const file = join(copy, 'ndoto.db')
      assert.equal(ended.stdout, `${copy}: ${statSync(file).size} bytes of database and 0 files.\n`)
      assert.ok(answered.length > before.length, 'nobody wrote meanwhile')
      assertSound(file)
      const { ids, given } = look(file, (copy) => ({
        ids: copy.prepare('select id from messages order by id').all(),
        given: copy.prepare(`select value from counters where name = 'messages'`).get(),
      }))
      const inCopy = new Set(ids.map(({ id }) => id))
      const lost = before.filter((id) => !inCopy.has(id))
      assert.deepEqual(lost, [])
      assert.equal(given!.value, ids.at(-1)!.id)
      assert.equal(ids.length, given!.value)
    }
    stopping = true
    await Promise.all(writers)
    assert.equal((await messages(server)).length, answered.length + 1)
    const left = readdirSync(data).filter((file) => file.endsWith('.part'))
    assert.deepEqual(left, [])
  })

  it('is a data directory: a server goes on in it, with every file, and the other one does not notice', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const kept = await sendFile(server, 'what was kept')
    const deleted = await sendFile(server, 'what was deleted later')
    const before = await messages(server)
    const copy = join(temporaryDirectory(t), 'copy')
    const ended = await runProgram(['backup', copy], { data })
    assertDone(ended)
    assert.match(ended.stdout, / and 2 files\.\n$/)
    const late = await sendFile(server, 'what came after the backup')
    await call(server, `/conversations/1/messages/${deleted.id}`, { method: 'DELETE' })
    const other = await startProgram(t, { data: copy })
    const ids = (all: { id: number }[]) => all.map(({ id }) => id)
    assert.deepEqual(ids(await messages(other)), ids(before))
    assert.deepEqual(await fileOf(other, kept.id), { status: 200, text: 'what was kept' })
    assert.deepEqual(await fileOf(other, deleted.id), { status: 200, text: 'what was deleted later' })
    await call(other, `/conversations/1/messages/${kept.id}`, { method: 'DELETE' })
    assert.equal((await post(other, 'on the copy')).body.id, late.id)
    assert.deepEqual(await fileOf(server, kept.id), { status: 200, text: 'what was kept' })
  })

  it('tells of files that are not there', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    await sendFile(server, 'lost')
    rmSync(join(data, 'files', '1'), { recursive: true })
    const ended = await runProgram(['backup', join(data, 'copy')], { data })
    assertDone(ended)
    assert.match(ended.stdout, / and 0 files\. 1 was deleted meanwhile, or is missing\.\n$/)
  })

  it('takes a relative name from where it is called, and makes what other users cannot read', async (t) => {
    const data = await installation(t)
    const here = temporaryDirectory(t)
    assertDone(await runProgram(['backup', 'copy'], { data, cwd: here }))
    assertSound(join(here, 'copy', 'ndoto.db'))
    for (const path of ['copy', 'copy/ndoto.db']) assert.equal(statSync(join(here, path)).mode & 0o077, 0)
  })

  it('copies a database from before messages had files', async (t) => {
    const data = await installation(t)
    const old = temporaryDirectory(t)
    assertDone(await runProgram(['backup', join(old, 'data')], { data }))
    const database = new DatabaseSync(join(old, 'data', 'ndoto.db'))
    database.exec('drop table files')
    database.close()
    const ended = await runProgram(['backup', join(old, 'copy')], { data: join(old, 'data') })
    assertDone(ended)
    assert.match(ended.stdout, / and 0 files\.\n$/)
  })

  it('replaces nothing, and leaves nothing behind where it fails', async (t) => {
    const data = await installation(t)
    const here = temporaryDirectory(t)
    mkdirSync(join(here, 'taken'))
    writeFileSync(join(here, 'file'), 'the backup of last week')
    const options = { data, cwd: here }
    for (const taken of ['taken', 'file'])
      assertFailed(await runProgram(['backup', taken], options), new RegExp(`${taken} already exists`))
    assertFailed(
      await runProgram(['backup', 'missing/copy'], options),
      /missing is not a directory that exists\. Create it first, or choose another one\.\n$/,
    )
    assertFailed(await runProgram(['backup', 'file/copy'], options), /file is not a directory that exists/)
    renameSync(join(data, 'ndoto.db'), join(data, 'elsewhere.db'))
    assertFailed(await runProgram(['backup', 'copy'], options), /ndoto\.db does not exist.+DATA_DIR/)
    assert.deepEqual(readdirSync(here).sort(), ['file', 'taken'])
    assert.equal(readFileSync(join(here, 'file'), 'utf8'), 'the backup of last week')
  })

  it('says how it is called, and what is in its place with PostgreSQL or a bucket', async (t) => {
    const data = await installation(t)
    assertFailed(await runProgram(['backup'], { data }), /^Usage: ndoto backup DIRECTORY/)
    assertFailed(await runProgram(['backup', 'a', 'b'], { data }), /^Usage: ndoto backup DIRECTORY/)
    const onPostgres = { data, environment: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } }
    assertFailed(await runProgram(['backup', 'a'], onPostgres), /DATABASE_URL.+pg_dump/)
    const inBucket = { data, environment: { FILES_URL: 's3://key:secret@bucket.example/name' } }
    const ended = await runProgram(['backup', 'a'], inBucket)
    assertDone(ended)
    assert.match(
      ended.stdout,
      /0 files\. It does not contain the files of messages, which are in the bucket of FILES_URL/,
    )
  })
})
