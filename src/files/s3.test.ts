import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import S3rver from '@20minutes/s3rver'
import { assertRefused, startTestApp, type TestApp } from '../../test/app.ts'
import { eventually } from '../../test/eventually.ts'
import { fetchFile, picture, sendFile, sendForm, storedFiles } from '../../test/files.ts'
import { startHttpServer } from '../../test/local-servers.ts'
import { s3Storage } from './s3.ts'

describe('files in an S3 bucket', () => {
  let test: TestApp
  let service: S3rver
  let address: string
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-s3-'))
  before(async () => {
    const configureBuckets = [{ name: 'bucket', configs: [] }]
    service = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets })
    const { port } = await service.run()
    address = `127.0.0.1:${port}`
    const FILES_URL = `s3+http://S3RVER:S3RVER@${address}/bucket/of-ndoto`
    test = await startTestApp({ FILES_URL }, { intervals: { sweep: 20 } })
  })
  after(async () => {
    await test.close()
    await service.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const objects = async () => (await service.store.listObjects('bucket', { maxKeys: 100 })).objects

  it('are stored, read as a whole and in part, and removed with their message', async () => {
    const bytes = await picture(600, 300)
    const { status, body } = await sendForm(test, { content: 'x' }, [{ bytes, name: 'p.jpg' }])
    assert.equal(status, 201)
    const keys = (await objects()).map(({ key }) => key)
    assert.equal(keys.length, 2)
    for (const key of keys) assert.match(key, /^of-ndoto\/1\/[0-9a-f]{2}\/[0-9a-f]{32}(\.thumbnail)?$/)
    assert.deepEqual(storedFiles(test), [])
    const [{ data_url, thumb_url }] = body.attachments
    assert.deepEqual(Buffer.from(await (await fetchFile(test, data_url)).arrayBuffer()), bytes)
    const part = await fetchFile(test, data_url, { headers: { range: 'bytes=10-19' } })
    assert.equal(part.status, 206)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20))
    assert.equal((await fetchFile(test, thumb_url)).headers.get('content-type'), 'image/webp')
    await test.api(`/conversations/1/messages/${body.id}`, { method: 'DELETE' })
    await eventually(async () => (await objects()).length === 0)
  })

  it('can be listed, with unusual names, without those of other folders', async () => {
    const own = s3Storage(`s3+http://S3RVER:S3RVER@${address}/bucket/a%20list`)
    const path = join(directory, 'one file')
    const sha256 = createHash('sha256').update('x').digest('hex')
    const names = Array.from({ length: 20 }, (_, index) => `folder/${index} and more`)
    assert.deepEqual(await own.list(), [])
    for (const name of names) {
      writeFileSync(path, 'x')
      await own.put(name, { path, size: 1, sha256 })
    }
    assert.deepEqual((await own.list()).sort(), names.sort())
    for (const name of names) await own.remove(name)
    assert.deepEqual(await own.list(), [])
  })

  it('are listed page by page', async () => {
    const page = (keys: string, more: string) =>
      `<?xml version="1.0"?><ListBucketResult>${keys}${more}</ListBucketResult>`
    const listing = await startHttpServer(({ url }, response) => {
      const isSecond = new URL(url!, 'http://s3').searchParams.get('continuation-token') === 'a+b/c=&'
      response.setHeader('content-type', 'application/xml')
      if (isSecond) return response.end(page('<Contents><Key>x/2 &lt;&amp;amp;&gt;</Key></Contents>', ''))
      const next = '<NextContinuationToken>a+b/c=&amp;</NextContinuationToken>'
      response.end(page('<Contents><Key>x/1</Key></Contents><Contents><Key>x/</Key></Contents>', next))
    })
    const storage = s3Storage(`s3+http://K:S@127.0.0.1:${listing.port}/bucket/x`)
    assert.deepEqual(await storage.list(), ['1', '', '2 <&amp;>'])
  })

  it('can be empty', async () => {
    const { data_url, file_size } = await sendFile(test, { bytes: '', name: 'empty.txt' })
    assert.equal(file_size, 0)
    assert.equal(await (await fetchFile(test, data_url)).text(), '')
  })

  it('cannot be opened with a wrong key or bucket', async () => {
    await s3Storage(`s3+http://S3RVER:S3RVER@${address}/bucket`).check()
    await assert.rejects(
      s3Storage(`s3+http://S3RVER:wrong@${address}/bucket`).check(),
      /S3 responded with 403/,
    )
    await assert.rejects(
      s3Storage(`s3+http://S3RVER:S3RVER@${address}/other`).check(),
      /S3 responded with 404/,
    )
  })

  it('create no message if the service is unreachable', async () => {
    const closed = await startTestApp({ FILES_URL: 's3+http://KEY:SECRET@127.0.0.1:1/bucket' })
    try {
      const before = (await closed.api('/conversations/1/messages')).body
      assertRefused(
        await sendForm(closed, { content: 'x' }, [{ bytes: 'x', name: 'x' }]),
        503,
        /cannot be stored at the moment/,
      )
      assert.deepEqual((await closed.api('/conversations/1/messages')).body, before)
      assert.deepEqual(storedFiles(closed), [])
    } finally {
      await closed.close()
    }
  })
})
