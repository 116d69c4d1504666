import assert from 'node:assert/strict'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { formOf } from '../files.ts'
import {
  assertFailed,
  assertSound,
  assertSucceeded,
  call,
  createDataTemplate,
  listMessages,
  postMessage,
  readDatabase,
  runProgram,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

/** Copies the data of a server that was stopped. */
const copyData = createDataTemplate({ after })

async function sendFile({ url }: ServerProcess, bytes: string) {
  const response = await fetch(`${url}/api/v1/accounts/1/conversations/1/messages`, {
    method: 'POST',
    headers: { api_access_token: token },
    body: formOf({ message_type: 'outgoing' }, [{ bytes, name: 'note.txt' }]),
  })
  assert.equal(response.status, 201)
  return (await response.json()) as { id: number; attachments: { data_url: string }[] }
}

/** Downloads the only file of a message. */
async function downloadFile(server: ServerProcess, id: number): Promise<{ status: number; text: string }> {
  const { body } = await call(server, `/conversations/1/messages/${id}`)
  const { pathname, search } = new URL(body.attachments[0].data_url)
  const response = await fetch(server.url + pathname + search)
  return { status: response.status, text: await response.text() }
}

describe('ndoto backup', { concurrency: 3 }, () => {
  it('copies a database during writes, completely and as of one moment', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const stored: number[] = []
    let stopping = false
    const writers = Array.from({ length: 10 }, async (_, name) => {
      for (let count = 0; !stopping; count++) {
        stored.push((await postMessage(server, `${name}.${count} ${'x'.repeat(1000)}`)).body.id)
      }
    })
    await setTimeout(300)
    for (const copy of [join(data, 'copy one'), join(data, 'copy two')]) {
      const before = [...stored]
      const ended = await runProgram(['backup', copy], { data })
      assertSucceeded(ended)
      const file = join(copy, 'ndoto.db')
      assert.ok(ended.stdout.startsWith(`${copy}: ${statSync(file).size} bytes of database and 0 files. `))
      assert.ok(stored.length > before.length, 'no client wrote during the backup')
      assertSound(file)
      const { ids, counter } = readDatabase(file, (copy) => ({
        ids: copy.prepare('select id from messages order by id').all(),
        counter: copy.prepare(`select value from counters where name = 'messages'`).get(),
      }))
      const inCopy = new Set(ids.map(({ id }) => id))
      const lost = before.filter((id) => !inCopy.has(id))
      assert.deepEqual(lost, [])
      assert.equal(counter!.value, ids.at(-1)!.id)
      assert.equal(ids.length, counter!.value)
    }
    stopping = true
    await Promise.all(writers)
    assert.equal((await listMessages(server)).length, stored.length + 1)
    const incomplete = readdirSync(data).filter((file) => file.endsWith('.part'))
    assert.deepEqual(incomplete, [])
  })

  it('writes a data directory in which a server runs with every file, independently of the first server', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    const first = await sendFile(server, 'in both')
    const second = await sendFile(server, 'deleted after the backup')
    const before = await listMessages(server)
    const copy = join(temporaryDirectory(t), 'copy')
    const ended = await runProgram(['backup', copy], { data })
    assertSucceeded(ended)
    assert.match(
      ended.stdout,
      / and 2 files\. It does not contain secret\.key, without which it cannot be restored/,
    )
    assert.deepEqual(
      readdirSync(copy).filter((name) => name.includes('key')),
      [],
    )
    await assert.rejects(
      startProgram(t, { data: copy }),
      /secrets in the database are encrypted, but .+secret\.key/,
    )
    copyFileSync(join(data, 'secret.key'), join(copy, 'secret.key'))
    const late = await sendFile(server, 'sent after the backup')
    await call(server, `/conversations/1/messages/${second.id}`, { method: 'DELETE' })
    const other = await startProgram(t, { data: copy })
    const ids = (all: { id: number }[]) => all.map(({ id }) => id)
    assert.deepEqual(ids(await listMessages(other)), ids(before))
    assert.deepEqual(await downloadFile(other, first.id), { status: 200, text: 'in both' })
    assert.deepEqual(await downloadFile(other, second.id), {
      status: 200,
      text: 'deleted after the backup',
    })
    await call(other, `/conversations/1/messages/${first.id}`, { method: 'DELETE' })
    assert.equal((await postMessage(other, 'on the copy')).body.id, late.id)
    assert.deepEqual(await downloadFile(server, first.id), { status: 200, text: 'in both' })
  })

  it('reports missing files', async (t) => {
    const data = temporaryDirectory(t)
    const server = await startProgram(t, { data })
    await sendFile(server, 'lost')
    rmSync(join(data, 'files', '1'), { recursive: true })
    const ended = await runProgram(['backup', join(data, 'copy')], { data })
    assertSucceeded(ended)
    assert.match(ended.stdout, / and 0 files\. .+ 1 file was deleted meanwhile, or is missing\.\n$/)
  })

  it('resolves a relative name in the working directory, and writes what other users cannot read', async (t) => {
    const data = await copyData(t)
    const here = temporaryDirectory(t)
    assertSucceeded(await runProgram(['backup', 'copy'], { data, cwd: here }))
    assertSound(join(here, 'copy', 'ndoto.db'))
    for (const path of ['copy', 'copy/ndoto.db']) assert.equal(statSync(join(here, path)).mode & 0o077, 0)
  })

  it('copies a database of a version without files', async (t) => {
    const data = await copyData(t)
    const old = temporaryDirectory(t)
    assertSucceeded(await runProgram(['backup', join(old, 'data')], { data }))
    const database = new DatabaseSync(join(old, 'data', 'ndoto.db'))
    database.exec('drop table files')
    database.close()
    const ended = await runProgram(['backup', join(old, 'copy')], { data: join(old, 'data') })
    assertSucceeded(ended)
    assert.match(ended.stdout, / and 0 files\. /)
  })

  it('replaces nothing, and leaves nothing behind if it fails', async (t) => {
    const data = await copyData(t)
    const here = temporaryDirectory(t)
    mkdirSync(join(here, 'taken'))
    writeFileSync(join(here, 'file'), 'the backup of last week')
    const options = { data, cwd: here }
    for (const taken of ['taken', 'file'])
      assertFailed(await runProgram(['backup', taken], options), new RegExp(`${taken} already exists`))
    assertFailed(
      await runProgram(['backup', 'missing/copy'], options),
      /missing is not a directory that exists/,
    )
    renameSync(join(data, 'ndoto.db'), join(data, 'elsewhere.db'))
    assertFailed(await runProgram(['backup', 'copy'], options), /ndoto\.db does not exist.+DATA_DIR/)
    assert.deepEqual(readdirSync(here).sort(), ['file', 'taken'])
    assert.equal(readFileSync(join(here, 'file'), 'utf8'), 'the backup of last week')
  })

  it('explains its usage, and what to do instead with PostgreSQL or a bucket', async (t) => {
    const data = await copyData(t)
    assertFailed(await runProgram(['backup'], { data }), /^Usage: ndoto backup \[DIRECTORY\]/)
    assertFailed(await runProgram(['backup', 'a', 'b'], { data }), /^Usage: ndoto backup \[DIRECTORY\]/)
    const onPostgres = { data, environment: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } }
    assertFailed(await runProgram(['backup', 'a'], onPostgres), /DATABASE_URL.+pg_dump/)
    const inBucket = { data, environment: { FILES_URL: 's3://key:secret@bucket.example/name' } }
    const ended = await runProgram(['backup', 'a'], inBucket)
    assertSucceeded(ended)
    assert.match(
      ended.stdout,
      /0 files\. .+ It does not contain the files of messages, which are in the bucket of FILES_URL/,
    )
  })
})
