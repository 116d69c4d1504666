import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import { assertRefused, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { fetchFile, formOf, picture, sendFile, sendForm, storedFiles } from '../../../test/files.ts'

/** The beginning of a WebM file, as browsers record it with a microphone. */
const voice = Buffer.concat([Buffer.from('1a45dfa38b428681014282847765626d', 'hex')], 64)

describe('a form', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  it('without files creates the same message as JSON', async () => {
    const fields = { content: 'true', private: 'true', echo_id: '7', content_attributes: '{"a":{"b":[1]}}' }
    const { status, body } = await sendForm(test, fields)
    assert.equal(status, 201)
    const { id, created_at, updated_at, ...form } = body
    const more = { private: true, echo_id: '7', content_attributes: { a: { b: [1] } } }
    const { id: _, created_at: __, updated_at: ___, ...json } = await sendMessage(test, 'true', more)
    assert.deepEqual(form, json)
  })

  for (const [what, fields, sentence] of [
    ['an invalid boolean', { private: 'maybe' }, /^private must be valid JSON/],
    ['a number instead of a boolean', { private: '1' }, /^private must be /],
    ['an invalid object', { content_attributes: '{' }, /^content_attributes must be valid JSON/],
    ['a field that cannot be stored', { content: 'a\0b' }, /^content must not contain the NUL/],
    ['an empty content', { content: ' \n' }, /^content must not be empty/],
    ['a message type that users cannot send', { message_type: 'activity' }, /^message_type must be/],
  ] as const) {
    it(`with ${what} is refused`, async () => {
      assertRefused(await sendForm(test, { content: 'hello', ...fields }), 422, sentence)
    })
  }

  it('with neither content nor files is refused', async () => {
    assertRefused(await sendForm(test, {}), 422, /^content must not be empty without files/)
  })

  it('is refused if it is not valid', async () => {
    const post = (body: string, type: string) =>
      test.api('/conversations/1/messages', { method: 'POST', body, headers: { 'content-type': type } })
    assertRefused(await post('x', 'multipart/form-data'), 400, /boundary/)
    assertRefused(await post('x', 'multipart/form-data; boundary=y'), 400, /not valid multipart/)
    const cut = '--y\r\nContent-Disposition: form-data; name="content"\r\n\r\nhel'
    assertRefused(await post(cut, 'multipart/form-data; boundary=y'), 400, /not valid multipart/)
  })

  it('can have a content as long as in JSON', async () => {
    const content = '🦊'.repeat(150_000)
    const { status, body } = await sendForm(test, { content, content_attributes: '{"a":1}' })
    assert.equal(status, 201)
    assert.equal(body.content, content)
    assertRefused(await sendForm(test, { content: `${content}.` }), 422, /^content must/)
  })

  it('can have unknown fields, which are ignored', async () => {
    const more = { cc_emails: 'x', __proto__x: 'y', constructor: 'z', toString: 'a' }
    const { status, body } = await sendForm(test, { content: 'known', ...more })
    assert.equal(status, 201)
    assert.equal(body.content, 'known')
    const form = formOf({ message_type: 'outgoing', content: 'known' })
    form.append('__proto__', '{"private":true}')
    const { body: other } = await test.api('/conversations/1/messages', { method: 'POST', body: form })
    assert.equal(other.private, false)
  })

  const fields = (count: number, bytes: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'x'.repeat(bytes)]))
  for (const [what, form, sentence] of [
    ['21 fields', fields(21, 1), /at most 20 fields/],
    ['one field that is too long', fields(1, 1024 ** 2 + 1), /at most 1048576 bytes together/],
    ['fields that are too long in total', fields(3, 400_000), /at most 1048576 bytes together/],
    ['long fields with one name', { content: 'x'.repeat(600_000), ' content': '' }, /together/],
  ] as const) {
    it(`with ${what} is refused`, async () => {
      const body = formOf({ message_type: 'outgoing', ...form })
      if (what.endsWith('one name')) body.append('content', 'y'.repeat(600_000))
      assertRefused(await test.api('/conversations/1/messages', { method: 'POST', body }), 413, sentence)
    })
  }

  it('with more than 40 parts, with or without names, is refused', async () => {
    const part = '--y\r\nContent-Type: text/plain\r\n\r\nx\r\n'
    const post = (count: number) =>
      test.api('/conversations/1/messages', {
        method: 'POST',
        body: `${part.repeat(count - 1)}--y\r\nContent-Disposition: form-data; name="content"\r\n\r\nhello\r\n--y--\r\n`,
        headers: { 'content-type': 'multipart/form-data; boundary=y' },
      })
    assertRefused(await post(40), 422, /^message_type/)
    assertRefused(await post(41), 413, /at most 40 parts/)
  })
})

describe('a message with files', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp({ NDOTO_MAX_FILE_SIZE: '1' })
  })
  after(() => test.close())

  it('shows their types by their bytes, in the response, the list and the single message', async () => {
    const files = [
      { bytes: await picture(800, 400), name: 'photo.exe', type: 'application/x-msdownload' },
      { bytes: '<script>alert(1)</script>', name: 'picture.png', type: 'image/png' },
      { bytes: voice, name: 'voice', type: 'audio/webm' },
    ]
    const { status, body } = await sendForm(test, { content: '' }, files)
    assert.equal(status, 201)
    assert.equal(body.content, '')
    const attachments = body.attachments.map(
      ({ data_url, thumb_url, id, content_id, ...rest }: Record<string, unknown>) => rest,
    )
    assert.deepEqual(attachments, [
      {
        file_type: 'image',
        file_name: 'photo.exe',
        file_size: files[0]!.bytes.length,
        width: 800,
        height: 400,
      },
      {
        file_type: 'file',
        file_name: 'picture.png',
        file_size: 25,
        width: null,
        height: null,
      },
      { file_type: 'audio', file_name: 'voice', file_size: 64, width: null, height: null },
    ])
    assert.equal(new Set(body.attachments.map(({ id }: { id: number }) => id)).size, 3)
    assert.deepEqual((await test.api(`/conversations/1/messages/${body.id}`)).body, body)
    for (let i = 0; i < 3; i++) {
      assert.deepEqual((await test.api('/conversations/1/messages?limit=1')).body.payload, [body])
    }
    for (const [index, { bytes }] of files.entries()) {
      const got = await fetchFile(test, body.attachments[index].data_url)
      assert.equal(Buffer.compare(Buffer.from(await got.arrayBuffer()), Buffer.from(bytes)), 0)
    }
  })

  it('has the same attachments in its event', async () => {
    const { body } = await sendForm(test, { content: 'logged' }, [{ bytes: 'x', name: 'a.txt' }])
    const events = await test.api('/events?after=0&limit=1000', { headers: { accept: 'application/json' } })
    const logged = events.body.payload.find((event: { id: number }) => event.id === body.id)
    assert.deepEqual(logged.attachments, body.attachments)
    assert.equal(logged.attachments.length, 1)
  })

  it('rotates pictures as the camera has recorded, and creates thumbnails', async () => {
    const { width, height, thumb_url } = await sendFile(test, {
      bytes: await picture(800, 400, 6),
      name: 'p',
    })
    assert.deepEqual([width, height], [400, 800])
    const response = await fetchFile(test, thumb_url)
    assert.equal(response.headers.get('content-type'), 'image/webp')
    const small = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
    assert.deepEqual([small.width, small.height], [160, 320])
  })

  it('stores a picture unchanged, and removes its metadata from the thumbnail', async () => {
    const gps = { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' }
    const bytes = await sharp(await picture(400, 200))
      .withExif({ IFD0: { Make: 'Camera' }, IFD3: gps })
      .jpeg()
      .toBuffer()
    const { data_url, thumb_url } = await sendFile(test, { bytes, name: 'p.jpg' })
    const bytesOf = async (link: string) => Buffer.from(await (await fetchFile(test, link)).arrayBuffer())
    assert.deepEqual(await bytesOf(data_url), bytes)
    assert.ok((await sharp(bytes).metadata()).exif)
    const { exif, xmp, iptc } = await sharp(await bytesOf(thumb_url)).metadata()
    assert.deepEqual([exif, xmp, iptc], [undefined, undefined, undefined])
  })

  it('is sent even if an image is damaged or malicious', async () => {
    const whole = await picture(50, 50)
    const cut = await sendFile(test, { bytes: whole.subarray(0, 200), name: 'cut.jpg' })
    assert.deepEqual([cut.file_type, cut.thumb_url], ['image', null])
    // Its header says that it has 4 billion pixels.
    const bomb = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    bomb.writeUInt32BE(65_000, 16)
    bomb.writeUInt32BE(65_000, 20)
    const huge = await sendFile(test, { bytes: bomb, name: 'bomb.png' })
    assert.deepEqual([huge.file_type, huge.thumb_url], ['image', null])
  })

  for (const [what, name, expected] of [
    ['a path', '../../etc/passwd', 'passwd'],
    ['a Windows path', 'C:\\Users\\me\\notes.txt', 'notes.txt'],
    ['not ASCII', 'Ünïcode 写真.txt', 'Ünïcode 写真.txt'],
    ['reversed in part', 'a\u202Egnp.exe', 'agnp.exe'],
    ['one with a quote', 'a"b.txt', 'a"b.txt'],
    ['only dots', '..', 'file'],
    ['a thousand letters long', `${'x'.repeat(1000)}.txt`, `${'x'.repeat(200)}.txt`],
  ] as const) {
    it(`can have a file whose name is ${what}`, async () => {
      const { file_name, data_url } = await sendFile(test, { bytes: 'text', name })
      assert.equal(file_name, expected)
      const disposition = (await fetchFile(test, data_url)).headers.get('content-disposition')!
      assert.match(disposition, /^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/)
      assert.equal(decodeURIComponent(disposition.split("UTF-8''")[1]!), expected)
    })
  }

  it('gets a name for a picture without one', async () => {
    const body = new Blob([
      '--y\r\nContent-Disposition: form-data; name="message_type"\r\n\r\noutgoing\r\n',
      '--y\r\nContent-Disposition: form-data; name="attachments[]"; filename=""\r\nContent-Type: image/jpeg\r\n\r\n',
      new Uint8Array(await picture(8, 8)),
      '\r\n--y--\r\n',
    ])
    const headers = { 'content-type': 'multipart/form-data; boundary=y' }
    const bytes = new Uint8Array(await body.arrayBuffer())
    const answer = await test.api('/conversations/1/messages', { method: 'POST', body: bytes, headers })
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    assert.equal(answer.body.attachments[0].file_name, 'image.jpg')
  })

  it('is sent once for the same key, and refused with other files', async () => {
    const post = (bytes: string, name = 'a.txt') =>
      sendForm(test, { content: 'once' }, [{ bytes, name }], { headers: { 'idempotency-key': 'files' } })
    const first = await post('one')
    assert.equal(first.status, 201)
    const again = await post('one')
    assert.equal(again.status, 200)
    assert.deepEqual(again.body, first.body)
    assertRefused(await post('two'), 422, /^Idempotency-Key/)
    assertRefused(await post('one', 'b.txt'), 422, /^Idempotency-Key/)
  })
})

describe('a server whose disk is nearly full', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp({ NDOTO_MIN_FREE_DISK: '90000000' })
  })
  after(() => test.close())

  it('refuses files, and accepts messages without files', async () => {
    const answer = await sendForm(test, { content: 'x' }, [{ bytes: 'x', name: 'x' }])
    assertRefused(answer, 503, /disk of the server is nearly full/)
    assert.equal(answer.headers.get('retry-after'), '600')
    assert.deepEqual(storedFiles(test), [])
    await sendMessage(test, 'without files')
  })

  it('shows the free space in its metrics', async () => {
    const { body } = await test.api('//metrics', { token: null })
    const free = Number(/^ndoto_disk_free_bytes (\d+)$/m.exec(body)![1])
    assert.ok(free > 0 && free < 90_000_000 * 1024 ** 2)
  })
})

describe('a refused form', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp({ NDOTO_MAX_FILE_SIZE: '1' })
  })
  after(() => test.close())
  const one = { bytes: 'x', name: 'x.txt' }

  for (const [what, status, sentence, send] of [
    [
      'with a file that is too large',
      413,
      /larger than 1 MB/,
      (t: TestApp) =>
        sendForm(t, { content: 'x' }, [one, { bytes: new Uint8Array(1024 ** 2 + 1), name: 'large' }]),
    ],
    [
      'with sixteen files',
      413,
      /at most 15 files/,
      (t: TestApp) =>
        sendForm(
          t,
          { content: 'x' },
          Array.from({ length: 16 }, () => one),
        ),
    ],
    ['that breaks a rule', 422, /^message_type/, (t: TestApp) => sendForm(t, { message_type: 'x' }, [one])],
    [
      'to a conversation that does not exist',
      404,
      /conversation/,
      (t: TestApp) => sendForm(t, { content: 'x' }, [one], { conversationId: 999 }),
    ],
    [
      'with a file in a field for text',
      422,
      /^avatar must not be a file/,
      (t: TestApp) => {
        const body = formOf({ content: 'x', message_type: 'outgoing' }, [one])
        body.append('avatar', new Blob(['x']), 'x')
        return t.api('/conversations/1/messages', { method: 'POST', body })
      },
    ],
  ] as const) {
    it(`${what} leaves no file and no row`, async () => {
      const rows = await readAllRows(test)
      assertRefused(await send(test), status, sentence)
      assert.deepEqual(storedFiles(test), [])
      assert.deepEqual(await readAllRows(test), rows)
    })
  }

  it('is accepted with one byte and one file less', async () => {
    const many = Array.from({ length: 14 }, () => one)
    const whole = { bytes: new Uint8Array(1024 ** 2), name: 'largest' }
    const { status, body } = await sendForm(test, { content: 'x' }, [...many, whole])
    assert.equal(status, 201)
    assert.equal(body.attachments.length, 15)
    assert.equal(storedFiles(test).length, 15)
  })
})
