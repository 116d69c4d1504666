import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { bodyOf, replySubject } from './body.ts'
import { composeMail, envelopeOf, type OutgoingMail } from './compose.ts'

const mail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  messageId: '<ndoto.1.2.abc@shop.example>',
  date: new Date('2026-05-01T10:00:00Z'),
  from: { name: 'Shop', address: 'support@shop.example' },
  to: [{ name: 'Ann', address: 'ann@example.com' }],
  subject: 'Re: Order 17',
  text: 'Hello',
  html: '<div>Hello</div>',
  ...more,
})
const compose = async (...parameters: Parameters<typeof composeMail>) =>
  text(await composeMail(...parameters))
const read = async (more: Partial<OutgoingMail>) => PostalMime.parse(await compose(mail(more)))

describe('A composed mail', () => {
  it('has text and HTML, files, and the headers that lead to the thread', async () => {
    const picture = Buffer.from('a picture')
    const raw = await compose(
      mail({
        inReplyTo: '<b@example.com>',
        references: ['<a@example.com>', '<b@example.com>'],
        replyTo: 'support+c.1.abc@shop.example',
        cc: [{ name: 'Bo, "the boss"', address: 'bo@example.com' }],
        bcc: [{ name: null, address: 'secret@example.com' }],
      }),
      [{ name: 'Rechnung für Ännchen.pdf', content: picture }],
    )
    assert.ok(!raw.includes('secret@example.com'))
    const parsed = await PostalMime.parse(raw)
    assert.deepEqual(parsed.from, { name: 'Shop', address: 'support@shop.example' })
    assert.deepEqual(parsed.cc, [{ name: 'Bo, "the boss"', address: 'bo@example.com' }])
    assert.deepEqual(
      [parsed.messageId, parsed.inReplyTo, parsed.references, parsed.date],
      [
        '<ndoto.1.2.abc@shop.example>',
        '<b@example.com>',
        '<a@example.com> <b@example.com>',
        '2026-05-01T10:00:00.000Z',
      ],
    )
    assert.deepEqual([parsed.text?.trim(), parsed.html?.trim()], ['Hello', '<div>Hello</div>'])
    assert.equal(parsed.replyTo?.[0]?.address, 'support+c.1.abc@shop.example')
    const [file] = parsed.attachments
    assert.equal(file?.filename, 'Rechnung für Ännchen.pdf')
    assert.deepEqual(Buffer.from(file.content as ArrayBuffer), picture)
  })

  it('is always the same bytes, so that a repetition is the same mail', async () => {
    const files = [{ name: 'a.txt', content: Buffer.from('a') }]
    assert.equal(await compose(mail(), files), await compose(mail(), files))
  })

  it('goes to each address once', () => {
    const ann = { name: 'Ann', address: 'Ann@example.com' }
    const envelope = envelopeOf(mail({ cc: [ann], bcc: [{ name: null, address: 'bo@example.com' }] }))
    assert.deepEqual(envelope, { from: 'support@shop.example', to: ['Ann@example.com', 'bo@example.com'] })
  })

  it('says that it is automatic, if it is', async () => {
    const headers = async (more: Partial<OutgoingMail>) =>
      (await read(more)).headers.filter(({ key }) => /^auto-submitted$|^x-auto-response/.test(key))
    assert.deepEqual(
      (await headers({ automatic: 'auto-replied' })).map(({ key, value }) => `${key}: ${value}`),
      ['auto-submitted: auto-replied', 'x-auto-response-suppress: All'],
    )
    assert.deepEqual(await headers({}), [])
  })

  it('has no header that names, addresses or the subject bring along', async () => {
    const piece = fc.constantFrom(
      'a',
      'Ann',
      ' ',
      '\r\n',
      '\n',
      '\r',
      ',',
      ';',
      '<',
      '>',
      '"',
      '(',
      ')',
      '\\',
      'é',
      '😀',
      ':',
      'Bcc: x@evil.example',
      '@',
    )
    const hostile = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, subject) => {
        const raw = await compose(
          mail({
            subject,
            to: [{ name, address: 'ann@example.com' }],
            from: { name, address: 'support@shop.example' },
          }),
        )
        const head = raw.slice(0, raw.indexOf('\r\n\r\n'))
        assert.ok(!/^(?:bcc|x@)/im.test(head), head)
        const parsed = await PostalMime.parse(raw)
        assert.deepEqual(
          parsed.to?.map(({ address }) => address),
          ['ann@example.com'],
        )
        assert.equal(parsed.from?.address, 'support@shop.example')
        assert.equal(parsed.bcc, undefined)
      }),
      { numRuns: 200 },
    )
  })

  it('carries a signature that the public key of the domain confirms', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const raw = await compose(mail(), [], { domain: 'shop.example', selector: 's1', private_key })
    const [line] = /^DKIM-Signature:(?:.*\r\n)(?:[ \t].*\r\n)*/.exec(raw)!
    const tags: Record<string, string> = Object.fromEntries(
      line
        .slice('DKIM-Signature:'.length)
        .replace(/\s+/g, '')
        .split(';')
        .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
    )
    assert.deepEqual(
      [tags.d, tags.s, tags.a, tags.c],
      ['shop.example', 's1', 'rsa-sha256', 'relaxed/relaxed'],
    )
    assert.ok(['from', 'to', 'subject', 'message-id'].every((name) => tags.h!.split(':').includes(name)))
    const head = raw.slice(line.length, raw.indexOf('\r\n\r\n') + 2)
    const relaxed = (header: string) => {
      const colon = header.indexOf(':')
      const value = header
        .slice(colon + 1)
        .replace(/\s+/g, ' ')
        .trim()
      return `${header.slice(0, colon).toLowerCase()}:${value}`
    }
    const fields = head.split(/\r\n(?![ \t])/).filter(Boolean)
    const signed = tags
      .h!.split(':')
      .flatMap((name: string) => fields.find((one) => one.toLowerCase().startsWith(`${name}:`)) ?? [])
      .map((one: string) => `${relaxed(one)}\r\n`)
    const own = relaxed(line.trim()).replace(/(\bb=)[^;]*$/, '$1')
    const content = Buffer.from(signed.join('') + own)
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
    assert.ok(verify('sha256', content, key, Buffer.from(tags.b!, 'base64')))
  })
})

describe('The body of a mail', () => {
  it('is the text as it was written, and as HTML with its Markdown', () => {
    const { text, html } = bodyOf('It is **ready**.', null)
    assert.equal(text, 'It is **ready**.')
    assert.match(html, /It is <strong>ready<\/strong>\./)
  })

  it('ends with the signature of the inbox', () => {
    assert.equal(bodyOf('Hi', 'The shop').text, 'Hi\n\n-- \nThe shop')
    assert.equal(bodyOf('Hi', ' ').text, 'Hi')
  })
})

describe('The subject of an answer', () => {
  it('begins with Re: once', () => {
    assert.equal(replySubject('Order'), 'Re: Order')
    for (const subject of ['Re: Order', 'RE: Order', 'AW: Order', 'Re[2]: Order', '回复：Order']) {
      assert.equal(replySubject(subject), subject)
    }
    assert.equal(replySubject('Return: Order'), 'Re: Return: Order')
  })
})
