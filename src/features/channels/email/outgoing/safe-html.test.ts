import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hostileMails } from '../../../../../test/browser/hostile-mails.ts'
import { safeHtml } from './safe-html.ts'

const pictures = new Map([['lamp 1@example.org', 'picture0']])
const safe = (html: string) => safeHtml(html, pictures)

/** The elements that are open at the end of HTML; fails if it closes one that is not open, or has other markup. */
function openAtTheEnd(html: string): string[] {
  const open: string[] = []
  for (const [tag] of html.matchAll(/<[^>]*>?/g)) {
    const [, slash, name] = /^<(\/?)([a-z0-9]+)(?: [a-z]+="[^"<>]*")*>$/.exec(tag) ?? []
    assert.ok(name, `${tag} in ${html}`)
    if (/^(?:br|hr|img)$/.test(name)) continue
    if (slash) assert.equal(open.pop(), name, html)
    else open.push(name)
  }
  return open
}

describe('The HTML of a forwarded mail', () => {
  it('has its texts, links, tables and colours', () => {
    const kept = [
      '<p>Hello <b>you</b> &amp; &lt;all&gt; é</p>',
      '<a href="https://example.com/?a=1&amp;b=2" title="&quot;x&quot;">here</a>',
      '<table border="1" width="100%"><tr><td colspan="2" align="center">x</td></tr></table>',
      '<p style="color: #f00; font-family: Arial, &#39;Segoe UI&#39;">x</p>',
      '<blockquote><div>x<br></div></blockquote>',
    ]
    for (const html of kept) assert.equal(safe(html), html)
  })

  it('closes what it opens, and nothing else', () => {
    assert.equal(safe('</div></body><p>a<b>b'), '<p>a<b>b</b></p>')
    assert.equal(safe('<div><p>a</div>b'), '<div><p>a</p></div>b')
    assert.equal(safe('a <!-- b'), 'a ')
    assert.equal(safe('1 < 2 <'), '1 &lt; 2 &lt;')
    assert.equal(safe('<x-y>a</x-y>'), 'a')
    assert.equal(safe('<style>p {}</style>a<script>b'), 'a')
  })

  it('has only the pictures that came with the mail', () => {
    assert.equal(
      safe('<img src="cid:lamp%201@example.org" width="60" onload=x>'),
      '<img src="cid:picture0" width="60">',
    )
    assert.equal(
      safe('<img alt="A &quot;lamp&quot;" src="https://evil.example/1.png">'),
      'A &quot;lamp&quot;',
    )
    assert.equal(safe('<p style="background: url(https://evil.example/)">x</p>'), '<p>x</p>')
  })

  it('covers nothing outside of it', () => {
    for (const style of ['position: fixed', 'margin: -99px', 'width: expression(x)', 'float: left']) {
      assert.equal(safe(`<p style="${style}">x</p>`), '<p>x</p>')
    }
  })

  it('runs and requests nothing, whatever the mail has tried', () => {
    for (const [what, html] of Object.entries(hostileMails('http://leak.example'))) {
      const shown = safe(html)
      assert.deepEqual(openAtTheEnd(shown), [], what)
      const tags = shown
        .match(/<[^>]*>/g)!
        .join('')
        .replace(/<a [^>]*>/g, '')
      assert.doesNotMatch(tags, /leak\.example|script|hacked/i, what)
      assert.doesNotMatch(shown, /<a [^>]*(?:script:|data:)/i, what)
    }
  })

  it('is balanced, whatever the mail consists of', () => {
    const pieces =
      `<p> </p> <b </b > <div a="> ' " > < </ <!-- --> <img src=x> <a href=" "https://x"> <style> </style>
      <table><tr> &lt; &#60; text <svg> </svg> <br/>`.split(/\s+/)
    const mail = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 40 })
    fc.assert(fc.property(mail, (parts) => openAtTheEnd(safe(parts.join(' '))).length === 0))
  })

  it('takes a time that grows with its length only', () => {
    for (const part of [
      '<',
      '<b>',
      '<style',
      '<a href="',
      '<!--',
      '<p style="a:b;',
      '</b>',
      '<img src=cid:',
    ]) {
      const start = performance.now()
      safe(part.repeat(100_000 / part.length))
      assert.ok(performance.now() - start < 2000, part)
    }
  })
})
