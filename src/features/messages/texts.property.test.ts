import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { fc } from '../../../test/random.ts'

const messages = '/conversations/1/messages'
let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

function send(body: unknown): Promise<ApiResponse> {
  return test.api(messages, { method: 'POST', body })
}

/** Asserts that every call returns a text exactly as it was sent. */
async function assertUnchanged(content: string): Promise<void> {
  const sent = await sendMessage(test, content, {
    echo_id: content.slice(0, 40).toWellFormed(),
    content_attributes: { content },
  })
  assert.equal(sent.content, content)
  assert.equal(sent.content_attributes.content, content)
  assert.equal(sent.echo_id, content.slice(0, 40).toWellFormed())
  assert.deepEqual((await test.api(`${messages}/${sent.id}`)).body, sent)
  assert.deepEqual((await test.api(`${messages}?limit=1`)).body.payload, [sent])
}

describe('a text is returned exactly as it was sent if it is or contains', () => {
  const texts: Record<string, string> = {
    'right-to-left text': 'مرحبا بالعالم, שלום עולם',
    'marks that change the direction': '\u202eabc\u202c \u2066x\u2069 \u200f',
    'emoji of several characters': '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇰🇪',
    'letters with many combining marks': 'Z͑ͫ̓a̴l̶g̷o̸',
    'the same letter composed and decomposed': '\u00e9 e\u0301',
    'Chinese beyond 16 bits': '𠜎𠜱𡿺',
    SQL: `'); drop table messages; -- " ; select * from access_tokens where '1'='1`,
    'an SQL placeholder': '? ?1 :a @b $c %s {0} %00',
    HTML: '<script>alert("x")</script><img src=x onerror=alert(1)>&lt;&amp;',
    'all kinds of line ends': 'a\r\nb\nc\rd\u2028e\u2029f\u0085g',
    'whitespace at both ends': '  \t padded \n ',
    'control characters': `${String.fromCharCode(...Array(32).keys()).slice(1)}x\x7f\x9f`,
    'text that looks like JSON': '{"content":null,"private":true}',
    'text that looks like null': 'null',
    'text that looks like a number': '007',
    'backslashes and quotes': '\\ \\\\ \\u0000 \\" " \' ` \\n',
    'a byte order mark': '\ufeffabc\ufeff',
    'code points that are not characters': '\ufffe\uffff\u{1fffe}\u{10ffff}',
    'the replacement character': '\ufffd',
    'invisible characters': '\u200b\u200d\u2060\u00ad',
    'names of the object prototype': '__proto__ constructor toString hasOwnProperty',
    templates: '{{7*7}} <%= 7*7 %> #{7*7}',
    'an HTTP header': 'x\r\nset-cookie: a=b\r\n\r\n<html>',
  }
  for (const [name, text] of Object.entries(texts)) it(name, () => assertUnchanged(text))

  it('any Unicode text', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((value) => /\S/.test(value) && !value.includes('\0'))
    await fc.assert(fc.asyncProperty(text, assertUnchanged), { numRuns: 60 })
  })

  it('any JSON in content_attributes', async () => {
    const reserved = ['deleted', 'edited_at', 'external_error', 'submitted_email', 'submitted_values']
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
    const attributes = fc
      .dictionary(fc.string({ unit: 'grapheme' }), value, { noNullPrototype: true })
      .filter((object) => {
        const text = JSON.stringify(object)
        return !/\\u0000|__proto__/.test(text) && reserved.every((name) => !(name in object))
      })
    await fc.assert(
      fc.asyncProperty(attributes, async (content_attributes) => {
        const sent = await sendMessage(test, 'Attributes', { content_attributes })
        assert.deepEqual(sent.content_attributes, JSON.parse(JSON.stringify(content_attributes)))
        assert.deepEqual((await test.api(`${messages}?limit=1`)).body.payload, [sent])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a message is refused, and nothing is stored, if it contains', () => {
  const inJson = (content: string) => `{"message_type":"outgoing","content":${content}}`
  const cases: [string, unknown, number, RegExp][] = [
    ['the NUL character', inJson('"a\\u0000b"'), 422, /^content must not contain the NUL character/],
    ['the first half of a surrogate pair', inJson('"a\\ud83d"'), 422, /^content .*half of a surrogate pair/],
    ['the second half of a surrogate pair', inJson('"\\ude00b"'), 422, /^content .*half of a surrogate pair/],
    [
      'the halves of a surrogate pair in the wrong order',
      inJson('"\\ude00\\ud83d"'),
      422,
      /^content .*half of a surrogate pair/,
    ],
    [
      'NUL inside content_attributes',
      { content: 'x', message_type: 'outgoing', content_attributes: { a: [{ b: '\0' }] } },
      422,
      /^content_attributes\.a\[0\]\.b must not contain/,
    ],
    [
      'NUL in the name of a field',
      { content: 'x', message_type: 'outgoing', content_attributes: { 'a\0': 1 } },
      422,
      /^content_attributes must not contain/,
    ],
    [
      'NUL in echo_id',
      { content: 'x', message_type: 'outgoing', echo_id: '\0' },
      422,
      /^echo_id must not contain/,
    ],
    [
      'a number that is too large',
      '{"message_type":"outgoing","content":"x","content_attributes":{"a":1e400}}',
      422,
      /^content_attributes\.a must/,
    ],
    [
      'deeply nested objects',
      `{"message_type":"outgoing","content":"x","content_attributes":${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}}`,
      422,
      /nested deeper than/,
    ],
    [
      'deeply nested arrays',
      `{"message_type":"outgoing","content":"x","content_attributes":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
      422,
      /nested deeper than/,
    ],
    [
      'a field named __proto__',
      '{"message_type":"outgoing","content":"x","content_attributes":{"__proto__":{"deleted":true}}}',
      422,
      /__proto__/,
    ],
    [
      '__proto__ as a field of the body',
      '{"__proto__":{"content":"x","message_type":"outgoing"}}',
      422,
      /__proto__/,
    ],
    ['bytes that are not UTF-8', bytes(0xff), 400, /^the body is not valid UTF-8$/],
    ['a character encoded in too many bytes', bytes(0xc0, 0xaf), 400, /^the body is not valid UTF-8$/],
    ['half a surrogate pair encoded in bytes', bytes(0xed, 0xa0, 0x80), 400, /^the body is not valid UTF-8$/],
    ['a truncated character', bytes(0xe2, 0x82), 400, /^the body is not valid UTF-8$/],
    ['a character beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80), 400, /^the body is not valid UTF-8$/],
    ['JSON in UTF-16', Buffer.from(inJson('"x"'), 'utf16le'), 400, /^the body is not valid/],
    ['an unescaped line end in a string', inJson('"a\nb"'), 400, /^the body is not valid JSON$/],
  ]
  for (const [name, body, status, sentence] of cases) {
    it(name, async () => {
      const rows = await readAllRows(test)
      assertRefused(await send(body), status, sentence)
      assert.deepEqual(await readAllRows(test), rows)
      assert.equal(({} as { deleted?: boolean }).deleted, undefined)
    })
  }

  /** A request whose content contains these bytes. */
  function bytes(...hostile: number[]): Uint8Array {
    const [head, tail] = inJson('"a|b"').split('|')
    return Buffer.concat([Buffer.from(head!), Buffer.from(hostile), Buffer.from(tail!)])
  }
})

it('fields can have the names of properties that every object has', async () => {
  const content_attributes = {
    toString: 1,
    hasOwnProperty: 2,
    constructor: { name: 'x' },
    valueOf: null,
    '': 0,
  }
  const sent = await sendMessage(test, 'Names', { content_attributes })
  assert.deepEqual(sent.content_attributes, content_attributes)
})
