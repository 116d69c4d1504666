import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import S3rver from '@20minutes/s3rver'
import { startTestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { formOf } from '../files.ts'
import {
  assertFailed,
  assertSound,
  assertSucceeded,
  atEnd,
  createDataTemplate,
  postMessage,
  runProgram,
  type Scope,
  type ServerProcess,
  skipWithoutCommands,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

async function sendFile({ url }: { url: string }, bytes: string | Buffer): Promise<void> {
  const file = { bytes: bytes as string, name: 'note.txt' }
  const response = await fetch(`${url}/api/v1/accounts/1/conversations/1/messages`, {
    method: 'POST',
    headers: { api_access_token: token },
    body: formOf({ message_type: 'outgoing' }, [file]),
  })
  assert.equal(response.status, 201)
}

async function fill(server: ServerProcess): Promise<void> {
  for (let index = 0; index < 20; index++) await postMessage(server, `Message ${index}`)
  await sendFile(server, 'a small file')
  await sendFile(server, '')
  await sendFile(server, randomBytes(300_000))
}

/** Copies the data of a server with messages and files that was stopped. */
const copyData = createDataTemplate({ after }, fill)

/** Everything that an export has, by its files. */
async function exportOf(scope: Scope, data: string): Promise<Record<string, string>> {
  const folder = join(temporaryDirectory(scope), 'export')
  assertSucceeded(await runProgram(['export', '--to', folder], { data }))
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(folder.length), readFileSync(path, 'base64')]
    }),
  )
}

/** Data, and a folder with a backup of it. */
async function withBackup(t: Scope) {
  const data = await copyData(t)
  const folder = temporaryDirectory(t)
  const place = join(folder, 'backups')
  mkdirSync(place)
  const environment = { NDOTO_BACKUP_URL: pathToFileURL(place).href }
  const ended = await runProgram(['backup'], { data, environment })
  assertSucceeded(ended)
  const names = () => readdirSync(place).filter((name) => name.startsWith('20'))
  return { data, place, environment, target: join(folder, 'restored'), names, output: ended.stdout }
}

describe('ndoto restore', { concurrency: 2 }, () => {
  it('restores a backup of a running server with all messages and files as of its time', async (t) => {
    const data = await copyData(t)
    const place = temporaryDirectory(t)
    const environment = { NDOTO_BACKUP_URL: pathToFileURL(place).href }
    const server = await startProgram(t, { data, environment })
    const before = await exportOf(t, data)
    const made = await runProgram(['backup'], { data, environment })
    assertSucceeded(made)
    assert.match(made.stdout, /: made the backup \S+ with 3 files, 0\.\d MB in /)
    await postMessage(server, 'after the backup')
    const target = join(temporaryDirectory(t), 'restored')
    const ended = await runProgram(['restore', environment.NDOTO_BACKUP_URL, target], { data })
    assertSucceeded(ended)
    assert.match(
      ended.stdout,
      /restored: restored the backup \S+ with 3 files\. \S+secret\.key was copied to it\.$/m,
    )
    assertSound(join(target, 'ndoto.db'))
    assert.deepEqual(await exportOf(t, target), before)
    assert.ok(Object.keys(before).length >= 5)
    assert.equal(statSync(target).mode & 0o077, 0)
    const restored = await startProgram(t, { data: target })
    assert.equal((await postMessage(restored, 'on the restored data')).status, 201)
    assert.deepEqual(
      readdirSync(data).filter((name) => /backup-(?:database|parts)/.test(name)),
      [],
    )
  })

  it('restores from a bucket, with a key of its own, without the data of the server', async (t) => {
    const directory = temporaryDirectory(t)
    const configureBuckets = [{ name: 'bucket', configs: [] }]
    const service = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets })
    const { port } = await service.run()
    atEnd(t, () => service.close())
    const url = `s3+http://S3RVER:S3RVER@127.0.0.1:${port}/bucket/of-ndoto`
    const data = await copyData(t)
    const before = await exportOf(t, data)
    const environment = { NDOTO_BACKUP_URL: url, NDOTO_BACKUP_KEY: randomBytes(32).toString('base64') }
    const made = await runProgram(['backup'], { data, environment })
    assertSucceeded(made)
    assert.doesNotMatch(made.stdout, /S3RVER/)
    const elsewhere = temporaryDirectory(t)
    const target = join(elsewhere, 'restored')
    mkdirSync(target)
    const options = { data: join(elsewhere, 'none'), cwd: elsewhere, environment }
    const ended = await runProgram(['restore', url, target], options)
    assertSucceeded(ended)
    assert.match(ended.stdout, /It needs the secret key from the time of the backup/)
    writeFileSync(join(target, 'secret.key'), readFileSync(join(data, 'secret.key')))
    assert.deepEqual(await exportOf(t, target), before)
    const { stdout } = await runProgram(['restore', url], { data, environment })
    assert.match(stdout, /^20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\n$/)
    const wrong = await runProgram(['restore', url.replace(':S3RVER@', ':wrong@'), `${target}2`], {
      data,
      environment,
    })
    assertFailed(wrong, /S3 responded with 403 to listing files/)
    const closed = 's3+http://S3RVER:S3RVER@127.0.0.1:1/bucket/x'
    assertFailed(
      await runProgram(['restore', closed, `${target}2`], { data, environment }),
      /S3 cannot be reached/,
    )
  })

  it('restores the newest backup before a time', async (t) => {
    const { data, place, environment, target, names } = await withBackup(t)
    const [first] = names()
    const old = '2026-01-01T00-00-00-000Z'
    cpSync(join(place, first!), join(place, old), { recursive: true })
    const run = (...args: string[]) => runProgram(['restore', place, target, ...args], { data, environment })
    const ended = await run('--at', '2026-01-02')
    assertSucceeded(ended)
    assert.ok(ended.stdout.includes(`restored the backup ${old}`))
    rmSync(target, { recursive: true })
    assertFailed(
      await run('--at', '2025-12-31'),
      /no backup from so early in .+: the oldest one is 2026-01-01/,
    )
    assertFailed(await run('--at', 'yesterday'), /--at yesterday is not a time/)
  })

  it('refuses a backup that is damaged, cut off, not complete or for another key, and leaves nothing behind', async (t) => {
    const { data, place, environment, target, names } = await withBackup(t)
    const [name] = names()
    const original = join(temporaryDirectory(t), 'original')
    cpSync(join(place, name!), original, { recursive: true })
    const part = join(place, name!, 'part-0001.age')
    const manifest = join(place, name!, 'manifest.json')
    const change = (path: string, edit: (bytes: Buffer) => Buffer) =>
      writeFileSync(path, edit(readFileSync(path)))
    const flip = (at: number) => (bytes: Buffer) => {
      bytes[bytes.length + at]! ^= 1
      return bytes
    }
    /** As if its maker had written the damage: the sums of the manifest are right. */
    const agree = () => {
      const { size } = statSync(part)
      const sha256 = spawnSync('sha256sum', [part], { encoding: 'utf8' }).stdout.slice(0, 64)
      change(manifest, (bytes) =>
        Buffer.from(
          JSON.stringify({ ...JSON.parse(String(bytes)), parts: [{ name: 'part-0001.age', size, sha256 }] }),
        ),
      )
    }
    const faults: [damage: () => void, sentence: RegExp][] = [
      [
        () => change(part, flip(-100)),
        /cannot be restored\. The content is damaged or cut off\.|part-0001\.age is damaged/,
      ],
      [
        () => truncateSync(part, statSync(part).size - 1000),
        /part-0001\.age has \d+ bytes instead of|damaged or cut off/,
      ],
      [() => rmSync(part), /part-0001\.age is missing/],
      [() => rmSync(manifest), /There is no complete backup in/],
      [() => truncateSync(manifest, 50), /manifest\.json is damaged/],
      [() => change(part, (bytes) => Buffer.concat([bytes, bytes])), /damaged/],
    ]
    const sums: typeof faults = [
      [() => change(part, flip(-100)), /The content is damaged or cut off/],
      [() => truncateSync(part, statSync(part).size - 1000), /The content is damaged or cut off/],
      [() => truncateSync(part, 0), /The file is cut off/],
    ]
    const reset = () => cpSync(original, join(place, name!), { recursive: true, force: true })
    const run = (key?: string) =>
      runProgram(['restore', place, target], {
        data,
        environment: { ...environment, ...(key ? { NDOTO_BACKUP_KEY: key } : {}) },
      })
    for (const [damage, sentence] of faults) {
      damage()
      assertFailed(await run(), sentence)
      reset()
    }
    for (const [damage, sentence] of sums) {
      damage()
      agree()
      assertFailed(await run(), sentence)
      reset()
    }
    assertFailed(
      await run(randomBytes(32).toString('base64')),
      /is encrypted with another key\. Set NDOTO_BACKUP_KEY/,
    )
    assert.deepEqual(readdirSync(join(target, '..')), ['backups'])
    assertSucceeded(await run())
  })

  it('refuses a directory that is not empty, and explains its usage', async (t) => {
    const { data, place, environment, target } = await withBackup(t)
    mkdirSync(target)
    writeFileSync(join(target, 'precious'), 'x')
    const options = { data, environment }
    assertFailed(await runProgram(['restore', place, target], options), /restored is not empty/)
    assert.deepEqual(readdirSync(target), ['precious'])
    assertFailed(await runProgram(['restore'], options), /^Usage: ndoto restore FROM/)
    assertFailed(await runProgram(['restore', 'ftp://host/x', target], options), /FROM must be a directory/)
    assertFailed(
      await runProgram(['restore', join(place, 'none'), target], options),
      /not a directory that exists/,
    )
    assertFailed(
      await runProgram(['restore', place, join(target, 'a/b')], options),
      /a is not a directory that exists/,
    )
  })

  it('is not preceded by a backup of a directory without data, which is not created', async (t) => {
    const folder = temporaryDirectory(t)
    const environment = { NDOTO_BACKUP_URL: pathToFileURL(join(folder, 'backups')).href }
    const options = { data: join(folder, 'none'), cwd: folder, environment }
    assertFailed(await runProgram(['backup'], options), /ndoto\.db does not exist\. Set DATA_DIR/)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('can open a backup after the secret key was changed', async (t) => {
    const { data, place, target } = await withBackup(t)
    assertSucceeded(await runProgram(['rotate-key'], { data }))
    const ended = await runProgram(['restore', place, target], { data })
    assertSucceeded(ended)
    assert.match(ended.stdout, /It needs the secret key from the time of the backup/)
    assert.ok(!existsSync(join(target, 'secret.key')))
  })

  const tools = skipWithoutCommands('age', 'zstd', 'tar')
  it('is not needed: age, zstd and tar read a backup, too', { skip: tools }, async (t) => {
    const { data, place, names, environment, target } = await withBackup(t)
    const identity = await runProgram(['backup', '--identity'], { data, environment })
    assertSucceeded(identity)
    writeFileSync(`${target}.txt`, identity.stdout)
    mkdirSync(target)
    const script = `cat ${place}/${names()[0]}/part-*.age | age --decrypt -i ${target}.txt | zstd -d | tar x -C ${target}`
    const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assertSound(join(target, 'ndoto.db'))
    assert.equal(
      readdirSync(join(target, 'files'), { recursive: true, withFileTypes: true }).filter((file) =>
        file.isFile(),
      ).length,
      3,
    )
  })
})

describe('Backups by the server', () => {
  const readMetric = async ({ url }: { url: string }, name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }

  it('are made when they are due, with metrics and in doctor, and not again before their time', async (t) => {
    const place = temporaryDirectory(t)
    const environment = { NDOTO_BACKUP_URL: pathToFileURL(place).href }
    const data = temporaryDirectory(t)
    const settings = { ...environment, DATA_DIR: data, DATABASE_URL: '' }
    const test = await startTestApp(settings, { intervals: { backup: 20 } })
    atEnd(t, () => test.close())
    const success = 'ndoto_backup_last_success_timestamp_seconds'
    assert.equal(await readMetric(test.app, success), 0)
    await eventually(async () => (await readMetric(test.app, success)) > 0)
    assert.ok(Math.abs((await readMetric(test.app, success)) - Date.now() / 1000) < 60)
    assert.ok((await readMetric(test.app, 'ndoto_backup_size_bytes')) > 1000)
    assert.equal(await readMetric(test.app, 'ndoto_backup_last_failure_timestamp_seconds'), 0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const names = readdirSync(place).filter((name) => name.startsWith('20'))
    assert.equal(names.length, 1)
    const doctor = await runProgram(['doctor'], { data, environment })
    assert.match(doctor.stdout, /✓ one backup in \S+, the newest is 0 hours old/)
  })

  it('that fail are in the metrics, in doctor and in the log', async (t) => {
    const folder = temporaryDirectory(t)
    writeFileSync(join(folder, 'file'), 'not a directory')
    const environment = { NDOTO_BACKUP_URL: pathToFileURL(join(folder, 'file')).href }
    const data = temporaryDirectory(t)
    const test = await startTestApp(
      { ...environment, DATA_DIR: data, DATABASE_URL: '' },
      { intervals: { backup: 20 } },
    )
    atEnd(t, () => test.close())
    const lines: object[] = []
    test.app.server.log.error = ((fields: object) => lines.push(fields)) as never
    await eventually(
      async () => (await readMetric(test.app, 'ndoto_backup_last_failure_timestamp_seconds')) > 0,
    )
    await eventually(() => lines.length > 0)
    assert.match(JSON.stringify(lines), /EEXIST|ENOTDIR/)
    const doctor = await runProgram(['doctor'], { data, environment })
    assert.equal(doctor.code, 1)
    assert.match(doctor.stdout, /✗ the (?:last backup has failed at|backups in \S+ cannot be read)/)
  })

  it('are refused together with PostgreSQL', async (t) => {
    const environment = {
      NDOTO_BACKUP_URL: 'file:///backups',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    }
    const ended = await runProgram(['start'], { data: temporaryDirectory(t), environment })
    assertFailed(ended, /NDOTO_BACKUP_URL is for SQLite.+pg_dump/)
  })
})
