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

/** Asserts that a text comes back as it was sent from everywhere that shows it. */
async function assertKept(content: string): Promise<void> {
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

describe('a text comes back as it was sent:', () => {
  const texts: Record<string, string> = {
    'right to left': 'مرحبا بالعالم, שלום עולם',
    'marks that turn the direction': '\u202eabc\u202c \u2066x\u2069 \u200f',
    'an emoji of several': '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇰🇪',
    'letters with many marks': 'Z͑ͫ̓a̴l̶g̷o̸',
    'the same letter composed and not': '\u00e9 e\u0301',
    'Chinese beyond 16 bits': '𠜎𠜱𡿺',
    SQL: `'); drop table messages; -- " ; select * from access_tokens where '1'='1`,
    'an SQL placeholder': '? ?1 :a @b $c %s {0} %00',
    HTML: '<script>alert("x")</script><img src=x onerror=alert(1)>&lt;&amp;',
    'line ends of all kinds': 'a\r\nb\nc\rd\u2028e\u2029f\u0085g',
    'white space at both ends': '  \t padded \n ',
    'control characters': `${String.fromCharCode(...Array(32).keys()).slice(1)}x\x7f\x9f`,
    'what looks like JSON': '{"content":null,"private":true}',
    'what looks like null': 'null',
    'what looks like a number': '007',
    'backslashes and quotes': '\\ \\\\ \\u0000 \\" " \' ` \\n',
    'a byte order mark': '\ufeffabc\ufeff',
    'what is no character': '\ufffe\uffff\u{1fffe}\u{10ffff}',
    'the replacement character': '\ufffd',
    'invisible characters': '\u200b\u200d\u2060\u00ad',
    'the name of a prototype': '__proto__ constructor toString hasOwnProperty',
    templates: '{{7*7}} <%= 7*7 %> #{7*7}',
    'a header': 'x\r\nset-cookie: a=b\r\n\r\n<html>',
  }
  for (const [name, text] of Object.entries(texts)) it(name, () => assertKept(text))

  it('anything that Unicode has', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((value) => /\S/.test(value) && !value.includes('\0'))
    await fc.assert(fc.asyncProperty(text, assertKept), { numRuns: 60 })
  })

  it('and so does anything that JSON can hold in content_attributes', async () => {
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

describe('what could not come back as it was sent is refused, and nothing is stored:', () => {
  const inJson = (content: string) => `{"message_type":"outgoing","content":${content}}`
  const cases: [string, unknown, number, RegExp][] = [
    ['the NUL character', inJson('"a\\u0000b"'), 422, /^content must not contain the NUL character/],
    ['the first half of a surrogate pair', inJson('"a\\ud83d"'), 422, /^content .*half of a surrogate pair/],
    ['the second half of a surrogate pair', inJson('"\\ude00b"'), 422, /^content .*half of a surrogate pair/],
    ['halves in the wrong order', inJson('"\\ude00\\ud83d"'), 422, /^content .*half of a surrogate pair/],
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
      'a number that is larger than any',
      '{"message_type":"outgoing","content":"x","content_attributes":{"a":1e400}}',
      422,
      /^content_attributes\.a must/,
    ],
    [
      'an object nested without end',
      `{"message_type":"outgoing","content":"x","content_attributes":${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}}`,
      422,
      /nested deeper than/,
    ],
    [
      'lists nested without end',
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
    ['__proto__ of the body', '{"__proto__":{"content":"x","message_type":"outgoing"}}', 422, /__proto__/],
    ['bytes that are no UTF-8', bytes(0xff), 400, /^the body is not valid UTF-8$/],
    ['a character in too many bytes', bytes(0xc0, 0xaf), 400, /^the body is not valid UTF-8$/],
    ['half a surrogate pair in bytes', bytes(0xed, 0xa0, 0x80), 400, /^the body is not valid UTF-8$/],
    ['a character cut off', bytes(0xe2, 0x82), 400, /^the body is not valid UTF-8$/],
    ['a character beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80), 400, /^the body is not valid UTF-8$/],
    ['JSON in UTF-16', Buffer.from(inJson('"x"'), 'utf16le'), 400, /^the body is not valid/],
    ['a raw line end in a string', inJson('"a\nb"'), 400, /^the body is not valid JSON$/],
  ]
  for (const [name, body, status, sentence] of cases) {
    it(name, async () => {
      const rows = await readAllRows(test)
      assertRefused(await send(body), status, sentence)
      assert.deepEqual(await readAllRows(test), rows)
      assert.equal(({} as { deleted?: boolean }).deleted, undefined)
    })
  }

  function bytes(...hostile: number[]): Uint8Array {
    const [head, tail] = inJson('"a|b"').split('|')
    return Buffer.concat([Buffer.from(head!), Buffer.from(hostile), Buffer.from(tail!)])
  }
})

it('names of fields that every object has are names like others', async () => {
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
