import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount } from '../../../test/factories.ts'
import { fetchFile, picture, sendFile } from '../../../test/files.ts'
import { fc } from '../../../test/random.ts'
import { fileLink, linkEnd } from '../../lib/file-link.ts'
import { linkSecret } from './store.ts'

describe('a link to a file', () => {
  let test: TestApp
  let sound: { data_url: string }
  const bytes = Buffer.concat([
    Buffer.from('OggS\0\x02'),
    Buffer.alloc(22),
    Buffer.from('\x01vorbis'),
    Buffer.alloc(969),
  ])
  before(async () => {
    test = await startTestApp()
    sound = await sendFile(test, { bytes, name: 'voice.ogg' })
  })
  after(() => test.close())
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    fetchFile(test, sound.data_url, { method, headers })
  const refused = async (link: string, status: number, sentence: RegExp) => {
    const response = await fetchFile(test, link)
    assert.equal(response.status, status)
    assert.match(((await response.json()) as { error: string }).error, sentence)
  }

  it('opens the file with headers that prevent browsers from running it', async () => {
    const response = await get()
    assert.equal(response.status, 200)
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes)
    const headers = Object.fromEntries(response.headers)
    assert.equal(headers['content-type'], 'audio/ogg')
    assert.equal(headers['content-length'], '1004')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'")
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin')
    assert.equal(headers['cache-control'], 'private, max-age=604800, immutable')
    assert.equal(headers['accept-ranges'], 'bytes')
    assert.match(headers['content-disposition']!, /^inline; filename="voice\.ogg"/)
  })

  for (const [what, text] of [
    ['an HTML page', '<!doctype html><script>alert(1)</script>'],
    [
      'an SVG with a script',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ],
    ['a PDF', '%PDF-1.7\n1 0 obj\n'],
  ] as const) {
    it(`makes browsers save ${what} instead of showing it`, async () => {
      const { data_url, file_type } = await sendFile(test, {
        bytes: text,
        name: 'picture.svg',
        type: 'image/png',
      })
      assert.equal(file_type, 'file')
      const { headers } = await fetchFile(test, data_url)
      assert.equal(headers.get('content-type'), 'application/octet-stream')
      assert.match(headers.get('content-disposition')!, /^attachment;/)
    })
  }

  it('has the same headers for HEAD, without the file', async () => {
    const [whole, head] = [await get(), await get({}, 'HEAD')]
    for (const name of ['content-type', 'content-length', 'etag', 'content-disposition']) {
      assert.equal(head.headers.get(name), whole.headers.get(name))
    }
    assert.equal(await head.text(), '')
  })

  it('opens any range of bytes, for media players', async () => {
    const range = fc.tuple(fc.nat(1003), fc.nat(2000))
    await fc.assert(
      fc.asyncProperty(range, async ([start, more]) => {
        const response = await get({ range: `bytes=${start}-${start + more}` })
        assert.equal(response.status, 206)
        const end = Math.min(start + more, 1003)
        assert.equal(response.headers.get('content-range'), `bytes ${start}-${end}/1004`)
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes.subarray(start, end + 1))
      }),
      { numRuns: 30 },
    )
    assert.deepEqual(Buffer.from(await (await get({ range: 'bytes=-4' })).arrayBuffer()), bytes.subarray(-4))
    assert.deepEqual(
      Buffer.from(await (await get({ range: 'bytes=1000-' })).arrayBuffer()),
      bytes.subarray(1000),
    )
  })

  it('refuses a range after the end, and ignores an invalid range', async () => {
    for (const range of ['bytes=1004-', 'bytes=9999-10000', 'bytes=-0']) {
      const response = await get({ range })
      assert.equal(response.status, 416)
      assert.equal(response.headers.get('content-range'), 'bytes */1004')
    }
    for (const range of ['bytes=5-2', 'bytes=-', 'items=0-1', 'bytes=0-1,5-6', `bytes=${'9'.repeat(50)}-`]) {
      assert.equal((await get({ range })).status, 200)
    }
  })

  it('returns 304 for an unchanged file, and a range only of the file that the client has', async () => {
    const etag = (await get()).headers.get('etag')!
    assert.equal((await get({ 'if-none-match': etag })).status, 304)
    assert.equal((await get({ 'if-none-match': '"another"' })).status, 200)
    assert.equal((await get({ range: 'bytes=0-1', 'if-range': etag })).status, 206)
    assert.equal((await get({ range: 'bytes=0-1', 'if-range': '"another"' })).status, 200)
  })

  it('works for a week, and stays the same for a day', async () => {
    const monday = Date.UTC(2027, 0, 4)
    assert.equal(linkEnd(monday), linkEnd(monday + 86_399_999))
    assert.ok(linkEnd(monday + 86_399_999) * 1000 - (monday + 86_399_999) > 7 * 86_400_000)
    const expires = Number(new URL(sound.data_url).searchParams.get('expires'))
    assert.ok([linkEnd(), linkEnd(Date.now() - 60_000)].includes(expires))
  })

  it('expires', async () => {
    const { publicUrl } = test.config
    const secret = await linkSecret(test.app.database.read)
    const name = /files\/(.*)\?/.exec(sound.data_url)![1]!
    const soon = Math.floor(Date.now() / 1000) + 60
    assert.equal((await fetchFile(test, fileLink(publicUrl, secret, name, '', soon))).status, 200)
    await refused(fileLink(publicUrl, secret, name, '', soon - 120), 403, /has expired/)
    await refused(fileLink(publicUrl, '00'.repeat(32), name, '', soon), 403, /not created by this server/)
  })

  it('cannot be extended, or changed to another file', async () => {
    const other = await sendFile(test, { bytes: 'other', name: 'x' })
    const [key, otherKey] = [sound, other].map(({ data_url }) => /files\/1\/(\w+)/.exec(data_url)![1]!)
    await refused(sound.data_url.replace(/expires=\d/, 'expires=9'), 403, /not created by/)
    await refused(sound.data_url.replace(key!, otherKey!), 403, /not created by/)
    await refused(sound.data_url.replace('/files/1/', '/files/2/'), 403, /not created by/)
    await refused(sound.data_url.replace(/signature=.*/, 'signature=x'), 403, /not created by/)
    await refused(sound.data_url.replace(/&signature=.*/, ''), 400, /signature/)
    await refused(sound.data_url.replace(key!, '..%2f..%2fndoto.db'), 404, /not found/)
  })

  it('is refused for a thumbnail that does not exist', async () => {
    await refused(sound.data_url.replace('?', '/thumbnail?'), 404, /file not found/)
    const { thumb_url } = await sendFile(test, { bytes: await picture(9, 9), name: 'x' })
    assert.equal((await fetchFile(test, thumb_url)).status, 200)
  })

  it('does not open files of another account', async () => {
    const { accountId } = await addAccount(test)
    await refused(sound.data_url.replace('/files/1/', `/files/${accountId}/`), 403, /not created by/)
  })
})

describe('files with a separate host', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp({
      PUBLIC_URL: 'http://chat.test:3000',
      FILES_PUBLIC_URL: 'https://files.test',
    })
  })
  after(() => test.close())
  const get = (host: string, path: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request(test.app.url + path, { headers: { host, api_access_token: test.token } })
        .on('response', (response) => resolve(response.resume()))
        .on('error', reject)
        .end()
    })

  it('have links to that host, and the host of the dashboard redirects to it', async () => {
    const { data_url, thumb_url } = await sendFile(test, { bytes: await picture(9, 9), name: 'p.jpg' })
    for (const link of [data_url, thumb_url]) {
      assert.match(link, /^https:\/\/files\.test\/files\//)
      const path = link.slice('https://files.test'.length)
      assert.equal((await get('files.test', path)).statusCode, 200)
      assert.equal((await get('FILES.test', path)).statusCode, 200)
      const { statusCode, headers } = await get('chat.test:3000', path)
      assert.deepEqual([statusCode, headers.location], [308, link])
      // A request that does not come through a proxy.
      assert.equal((await get('127.0.0.1:1234', path)).statusCode, 200)
    }
  })

  it('are the only content of that host', async () => {
    const api = '/api/v1/accounts/1/conversations'
    for (const path of ['/', '/conversations', '/health', '/docs', '/openapi.json', '/metrics', api, '/x']) {
      assert.equal((await get('files.test', path)).statusCode, 404, path)
    }
    for (const path of ['/', '/health', '/openapi.json', api]) {
      assert.equal((await get('chat.test:3000', path)).statusCode, 200, path)
    }
  })

  it('can be shown by the dashboard and the widget', async () => {
    const channel = { type: 'web_widget', website_url: 'https://shop.example' }
    const { body } = await test.api('/inboxes', { method: 'POST', body: { name: 'Shop', channel } })
    for (const path of ['/', `/widget/${body.inbox_identifier}`]) {
      const policy = (await get('chat.test:3000', path)).headers['content-security-policy'] as string
      assert.match(policy, /img-src [^;]* https:\/\/files\.test;/)
      assert.match(policy, /media-src [^;]* https:\/\/files\.test;/)
      assert.match(policy, /script-src 'self';/)
    }
  })
})
