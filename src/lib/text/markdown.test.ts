import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fc } from '../../../test/random.ts'
import { longestLinkedText } from './links.ts'
import { parseMarkdown } from './markdown.ts'
import { markdownToHtml } from './markdown-html.ts'
import { plainText } from './plain-text.ts'

/** The HTML of a text without its styles. */
const htmlOf = (text: string) => markdownToHtml(text).replace(/ style="[^"]*"/g, '')

const inline: [text: string, html: string][] = [
  ['**bold** and __bold__', '<strong>bold</strong> and <strong>bold</strong>'],
  ['*one* and _two_', '<em>one</em> and <em>two</em>'],
  ['***both***', '<em><strong>both</strong></em>'],
  ['**bold with *both* in it**', '<strong>bold with <em>both</em> in it</strong>'],
  ['~~gone~~ but ~5 to ~10', '<del>gone</del> but ~5 to ~10'],
  ['`a * b * c` and ``a ` b``', '<code>a * b * c</code> and <code>a ` b</code>'],
  ['これは**太字**です', 'これは<strong>太字</strong>です'],
  ['2*3*4, snake_case_name, 5 * 6 * 7', '2*3*4, snake_case_name, 5 * 6 * 7'],
  ['*.jpg and *.png', '*.jpg and *.png'],
  ['**not closed, *nor this', '**not closed, *nor this'],
  ['\\*as it is\\* and C:\\temp\\new', '*as it is* and C:\\temp\\new'],
  ['one\ntwo', 'one<br>\ntwo'],
  ['[the page](https://a.example/x_(y)?z)', '<a href="https://a.example/x_(y)?z">the page</a>'],
  ['[**bold** page](https://a.example)', '<a href="https://a.example"><strong>bold</strong> page</a>'],
  ['[us](mailto:a@b.example)', '<a href="mailto:a@b.example">us</a>'],
  [
    '**https://a.example/b_c_d**',
    '<strong><a href="https://a.example/b_c_d">https://a.example/b_c_d</a></strong>',
  ],
  ['![a picture](https://a.example/p.png)', '<a href="https://a.example/p.png">a picture</a>'],
  ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
  ['[x](tel:112)', '[x](tel:112)'],
  ['[x](/settings)', '[x](/settings)'],
  ['<b>&amp;</b>', '&lt;b&gt;&amp;amp;&lt;/b&gt;'],
]

const blocks: [text: string, html: string][] = [
  ['a\n\nb', '<p>a</p>\n<p>b</p>'],
  ['# Title\ntext, #12', '<p><strong>Title</strong></p>\n<p>text, #12</p>'],
  ['Look:\n- a\n- b\nThanks', '<p>Look:</p>\n<ul><li>a</li>\n<li>b</li></ul>\n<p>Thanks</p>'],
  ['2. b\n\n3. c', '<ol start="2"><li>b</li>\n<li>c</li></ol>'],
  ['- a\n  - b\n  more', '<ul><li>a<ul><li>b</li></ul>\n<p>more</p></li></ul>'],
  ['- a\n1. b', '<ul><li>a</li></ul>\n<ol start="1"><li>b</li></ol>'],
  ['+ 49 30 1234\n-5 degrees\n2024.', '<p>+ 49 30 1234<br>\n-5 degrees<br>\n2024.</p>'],
  ['> a\n> > b\nc', '<blockquote><p>a</p>\n<blockquote><p>b</p></blockquote></blockquote>\n<p>c</p>'],
  ['>:( and\n>_<', '<p>&gt;:( and<br>\n&gt;_&lt;</p>'],
  ['```js\n<b> **a**\n\n- b\n```\nc', '<pre>&lt;b&gt; **a**\n\n- b</pre>\n<p>c</p>'],
  ['```\nnot closed', '<p>```<br>\nnot closed</p>'],
  [`${'> '.repeat(6)}a`, `${'<blockquote>'.repeat(4)}<p>&gt; &gt; a</p>${'</blockquote>'.repeat(4)}`],
]

const elements =
  /<(?:p|strong|em|del|br|code|pre|blockquote|ul|ol|ol start="\d+"|li|a href="(?:https?:|mailto:)[^"<>]*")>|<\/(?:p|strong|em|del|code|pre|blockquote|ul|ol|li|a)>/gi

describe('Markdown', () => {
  for (const [text, html] of inline) {
    it(`within a line: ${text}`, () => assert.equal(htmlOf(text), `<p>${html}</p>`))
  }
  for (const [text, html] of blocks) {
    it(`of several lines: ${JSON.stringify(text)}`, () => assert.equal(htmlOf(text), html))
  }

  it('makes no link whose text is another address', () => {
    const text = '[https://bank.example](https://evil.example)'
    assert.equal(htmlOf(text), `<p>${text}</p>`)
    assert.equal(
      htmlOf('[https://a.example](https://a.example)'),
      '<p><a href="https://a.example">https://a.example</a></p>',
    )
  })

  const piece = fc.constantFrom(
    ...[
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```\n',
      '[',
      '](',
      ')',
      '!',
      '> ',
      '- ',
      '1. ',
      '# ',
      '\n',
      '\n\n',
      ' ',
      '  ',
    ],
    ...[
      'a',
      'b ',
      '\\',
      '<script>',
      '"',
      "'",
      '&',
      'https://a.example/',
      'javascript:',
      'x@y.example',
      '太',
      '😀',
    ],
  )
  const anyText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))

  it('becomes nothing but the elements of a text, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const rest = htmlOf(text).replace(elements, '')
        assert.ok(!/[<>"']/.test(rest), rest)
      }),
      { numRuns: 2000 },
    )
  })

  it('loses only its signs', () => {
    const letters = (text: string) => text.replace(/[^a-z太😀]/gu, '')
    const noAddress = anyText.filter((text) => !text.includes(']('))
    fc.assert(
      fc.property(noAddress, (text) => {
        const withoutLanguages = text.replace(/^ {0,3}```[^`\n]*$/gm, '```')
        assert.equal(letters(plainText(withoutLanguages)), letters(withoutLanguages))
      }),
      { numRuns: 2000 },
    )
  })

  it('is plain text in one style for a preview', () => {
    assert.equal(plainText('**Hi** [you](https://a.example)\n- `a`\n- b\n\n3. c'), 'Hi you\n• a\n• b\n3. c')
  })

  for (const unit of [
    ...[
      '*a ',
      '**a',
      '_',
      '*a_ ',
      '~~a',
      '`',
      '`a``b',
      '[',
      '](',
      '[a](',
      '![',
      '\\',
      '[a](b',
      '[a](http://a(',
    ],
    ...[
      '> ',
      '>',
      '- a\n',
      ' - a\n',
      '1. ',
      '```\n',
      '```a\n',
      '# ',
      '\n',
      'a\n',
      '> - ',
      '  - a\n\n',
      '*a **b ',
    ],
  ]) {
    it(`is parsed at once, however often ${JSON.stringify(unit)} is in it`, () => {
      const text = unit.repeat(longestLinkedText / unit.length)
      // Of the processor: others may be using it, too.
      const start = process.threadCpuUsage()
      for (let count = 0; count < 5; count++) markdownToHtml(text)
      const milliseconds = process.threadCpuUsage(start).user / 1000
      assert.ok(milliseconds < 1000, `${milliseconds} ms for five`)
    })
  }

  it('is not looked for in very long texts', () => {
    const text = '*a* '.repeat(longestLinkedText)
    assert.deepEqual(parseMarkdown(text), [{ type: 'paragraph', content: [text] }])
  })
})
