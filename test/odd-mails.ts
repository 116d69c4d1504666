import { type MailInput, mail } from './mails.ts'

/** A mail that some program really sends, or that somebody sends to do harm, and what its message must say. */
export interface OddMail {
  name: string
  raw: () => Buffer
  /** The whole text of the message, or what it must match. */
  content?: string | RegExp
  /** Fields of `content_attributes.email`. */
  email?: Record<string, unknown>
  /** The names of its files; null for a file whose name is not checked. */
  files?: (string | null)[]
  /** The name of its sender. */
  sender?: string
}

const bytes = (head: string, body: Buffer | number[]) =>
  Buffer.concat([mail({ body: `${head}\n\n` }), Buffer.from(body)])
const plain = (charset: string, body: number[]) => () =>
  bytes(`Content-Type: text/plain; charset=${charset}`, body)
const text = (lines: string) => () => mail({ text: lines })
const html = (body: string) => () => mail({ body: `Content-Type: text/html; charset=utf-8\n\n${body}\n` })
const headers = (input: MailInput) => () => mail(input)
const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64')

/** A body with parts, each of which has its own header fields. */
function parts(type: string, ...all: string[]): string {
  return `Content-Type: multipart/${type}; boundary="=_b"\n\n${all.map((one) => `--=_b\n${one}\n`).join('')}--=_b--\n`
}
const textPart = (content: string) => `Content-Type: text/plain; charset=utf-8\n\n${content}`
const filePart = (name: string, content: string | Buffer, type = 'application/octet-stream', more = '') =>
  `Content-Type: ${type}\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n${more}\n${base64(content)}`
const multipart =
  (type: string, ...all: string[]) =>
  () =>
    mail({ body: parts(type, ...all) })

function nested(depth: number): string {
  const opening = Array.from({ length: depth }, (_, index) => {
    return `Content-Type: multipart/mixed; boundary="b${index}"\n\n--b${index}\n`
  })
  return `${opening.join('')}Content-Type: text/plain\n\ndeep\n`
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => `Person ${index} <p${index}@example.org>`).join(',\n ')

const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** The odd mails. Those that are large are made when they are needed. */
export const oddMails: readonly OddMail[] = [
  // Character sets.
  { name: 'windows-1252', raw: plain('windows-1252', [0x80, 0x20, 0xe4, 0x96]), content: '€ ä–' },
  {
    name: 'iso-8859-1 that is windows-1252',
    raw: plain('iso-8859-1', [0x93, 0x6f, 0x6b, 0x94]),
    content: '“ok”',
  },
  { name: 'iso-8859-15', raw: plain('iso-8859-15', [0xa4, 0x31, 0x30]), content: '€10' },
  { name: 'koi8-r', raw: plain('koi8-r', [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]), content: 'Привет' },
  { name: 'gb18030', raw: plain('gb18030', [0xc4, 0xe3, 0xba, 0xc3]), content: '你好' },
  { name: 'gb2312 in capitals and quotes', raw: plain('"GB2312"', [0xc4, 0xe3]), content: '你' },
  { name: 'big5', raw: plain('big5', [0xa7, 0x41]), content: '你' },
  { name: 'shift_jis', raw: plain('shift_jis', [0x82, 0xb1]), content: 'こ' },
  {
    name: 'iso-2022-jp',
    raw: plain('iso-2022-jp', [0x1b, 0x24, 0x42, 0x24, 0x33, 0x1b, 0x28, 0x42]),
    content: 'こ',
  },
  { name: 'ks_c_5601-1987', raw: plain('ks_c_5601-1987', [0xb0, 0xa1]), content: '가' },
  { name: 'iso-8859-8-i', raw: plain('iso-8859-8-i', [0xf9, 0xec, 0xe5, 0xed]), content: 'שלום' },
  { name: 'windows-1256', raw: plain('windows-1256', [0xe3, 0xd1]), content: 'مر' },
  { name: 'tis-620', raw: plain('tis-620', [0xa1]), content: 'ก' },
  { name: 'utf-16le', raw: plain('utf-16le', [0x41, 0, 0xe4, 0]), content: /^Aä/ },
  { name: 'an unknown character set', raw: plain('x-klingon', [0x6f, 0x6b]), content: 'ok' },
  { name: 'utf-8 that is not', raw: plain('utf-8', [0x6f, 0x6b, 0xff, 0xfe]), content: /^ok\uFFFD/ },
  { name: 'a NUL and other controls', raw: plain('utf-8', [0x61, 0, 7, 0x62, 0x1b, 0x63]), content: 'abc' },
  // The body.
  {
    name: 'quoted-printable',
    raw: headers({
      body: 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nsch=C3=B6n=\n er',
    }),
    content: 'schön er',
  },
  {
    name: 'broken quoted-printable',
    raw: headers({
      body: 'Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n100=% =XY',
    }),
    content: /100/,
  },
  {
    name: 'base64 with garbage',
    raw: headers({
      body: `Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${base64('hello')}!!\n--\n`,
    }),
    content: /^hello/,
  },
  {
    name: 'format=flowed',
    raw: headers({ body: 'Content-Type: text/plain; format=flowed\n\none \ntwo\n\nthree' }),
    content: 'one two\n\nthree',
  },
  { name: 'no Content-Type', raw: headers({ body: '\nplain words' }), content: 'plain words' },
  {
    name: 'no body at all',
    raw: headers({ body: '', subject: 'Only a subject' }),
    content: 'Only a subject',
  },
  {
    name: 'neither body nor subject',
    raw: headers({ body: '\n', subject: null }),
    content: '(This mail is empty.)',
  },
  { name: 'only spaces', raw: text('  \n \n'), content: 'A question' },
  {
    name: 'an empty file',
    raw: () => Buffer.from('\r\n'),
    content: '(This mail is empty.)',
    sender: 'Unknown sender',
  },
  { name: 'no mail', raw: () => Buffer.from([0, 1, 2, 0xff, 0xfe, 10, 13, 0]), sender: 'Unknown sender' },
  {
    name: 'bare line feeds',
    raw: () => Buffer.from(mail({ text: 'one\ntwo' }).toString().replaceAll('\r', '')),
    content: 'one\ntwo',
  },
  {
    name: 'bare carriage returns',
    raw: () => Buffer.from('From: a@example.org\rSubject: x\r\rtext'),
    sender: 'Unknown sender',
  },
  {
    name: 'an mbox line first',
    raw: () => Buffer.concat([Buffer.from('From a@example.org Thu Jan  1 00:00:00 2026\r\n'), mail()]),
    content: 'Where is my order?',
  },
  { name: 'a very long line', raw: text('x'.repeat(1_200_000)), email: { truncated: true } },
  // HTML.
  {
    name: 'only HTML',
    raw: html('<p>Hello<br>you &amp; me &euro;</p><p>Bye</p>'),
    content: 'Hello\nyou & me €\n\nBye',
    email: { has_html: true },
  },
  {
    name: 'scripts and styles',
    raw: html('<style>p{}</style><script>alert(1)</script><p onclick="x()">safe</p>'),
    content: 'safe',
  },
  {
    name: 'a table',
    raw: html('<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>'),
    content: '1 2\n3',
  },
  { name: 'unclosed elements', raw: html('<div><p>one<div>two<script>never ends'), content: 'one\ntwo' },
  { name: 'many opening brackets', raw: html(`${'<'.repeat(200_000)}end`), content: /^<</ },
  { name: 'many unclosed comments', raw: html(`before${'<!--'.repeat(50_000)}`), content: 'before' },
  {
    name: 'a link',
    raw: html('<a href="https://example.com/track?id=1">your order</a>'),
    content: 'your order (https://example.com/track?id=1)',
  },
  {
    name: 'a quotation in HTML',
    raw: html(
      '<p>Thanks!</p><div>On Mon, Jan 5, 2026 at 10:00 Us &lt;us@example.com&gt; wrote:</div><blockquote>Here it is</blockquote>',
    ),
    content: 'Thanks!',
    email: { quoted: 'On Mon, Jan 5, 2026 at 10:00 Us <us@example.com> wrote:\n\n> Here it is' },
  },
  {
    name: 'text and HTML',
    raw: multipart('alternative', textPart('plain'), 'Content-Type: text/html\n\n<b>rich</b>'),
    content: 'plain',
    email: { has_html: true },
  },
  {
    name: 'empty text next to HTML',
    raw: multipart('alternative', textPart(''), 'Content-Type: text/html\n\n<b>rich</b>'),
    content: 'rich',
  },
  {
    name: 'a picture in HTML',
    raw: multipart(
      'related',
      'Content-Type: text/html\n\n<img src="cid:logo@x"> hi',
      filePart('logo.gif', pixel, 'image/gif', 'Content-ID: <logo@x>\n'),
    ),
    content: 'hi',
    files: ['logo.gif'],
  },
  // Files.
  {
    name: 'a file and no text',
    raw: multipart('mixed', filePart('a.bin', 'x')),
    content: '',
    files: ['a.bin'],
  },
  {
    name: 'winmail.dat',
    raw: multipart(
      'mixed',
      textPart('see'),
      filePart('winmail.dat', Buffer.from([0x78, 0x9f, 0x3e, 0x22, 0, 0]), 'application/ms-tnef'),
    ),
    content: 'see',
    files: ['winmail.dat'],
  },
  {
    name: 'an invitation',
    raw: multipart(
      'alternative',
      textPart('Lunch?'),
      'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR',
    ),
    content: 'Lunch?',
    files: ['invitation.ics'],
  },
  {
    name: 'a forwarded mail as a file',
    raw: multipart('mixed', textPart('see'), `Content-Type: message/rfc822\n\n${mail({ text: 'inner' })}`),
    content: 'see',
    files: ['mail.eml'],
  },
  {
    name: 'a signed mail',
    raw: multipart('signed', textPart('trust me'), filePart('smime.p7s', 'x', 'application/pkcs7-signature')),
    content: 'trust me',
    files: ['smime.p7s'],
  },
  {
    name: 'an encrypted mail',
    raw: multipart(
      'encrypted',
      'Content-Type: application/pgp-encrypted\n\nVersion: 1',
      filePart('encrypted.asc', 'x'),
    ),
    content: '',
    files: [null, 'encrypted.asc'],
  },
  {
    name: 'a file name with directories',
    raw: multipart('mixed', textPart('x'), filePart('../../etc/passwd', 'x')),
    files: ['passwd'],
  },
  {
    name: 'a file name that reverses its end',
    raw: multipart('mixed', textPart('x'), filePart('photo\u202egnp.exe', 'x')),
    files: ['photognp.exe'],
  },
  {
    name: 'an encoded file name',
    raw: multipart(
      'mixed',
      textPart('x'),
      `Content-Type: text/csv\nContent-Disposition: attachment; filename*=UTF-8''%C3%BCbersicht.csv\n\na,b`,
    ),
    files: ['übersicht.csv'],
  },
  {
    name: 'twenty files',
    raw: multipart(
      'mixed',
      textPart('many'),
      ...Array.from({ length: 20 }, (_, index) => filePart(`${index}.bin`, `${index}`)),
    ),
    content: 'many',
    email: { files_omitted: 5 },
  },
  {
    name: 'parts without an end',
    raw: headers({ body: `Content-Type: multipart/mixed; boundary=x\n\n--x\n${textPart('cut off')}` }),
    content: 'cut off',
  },
  {
    name: 'a boundary that is not declared',
    raw: headers({ body: `Content-Type: multipart/mixed\n\n--x\n${textPart('lost')}\n--x--` }),
    content: /./,
  },
  { name: 'parts in 200 levels', raw: headers({ body: nested(200) }), content: 'deep' },
  {
    name: 'parts in 2,000 levels',
    raw: headers({ body: nested(2000) }),
    email: { unreadable: true },
    files: ['mail.eml'],
    content: /could not be read/,
  },
  {
    name: 'a mail in a mail, 100 times',
    raw: headers({ body: 'Content-Type: message/rfc822\n\n'.repeat(100) }),
    files: ['mail.eml'],
  },
  {
    name: 'a delivery report',
    raw: multipart(
      'report; report-type=delivery-status',
      textPart('It failed.'),
      'Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; nobody@example.org\nAction: failed\nStatus: 5.1.1',
    ),
  },
  // Header fields.
  {
    name: '10,000 recipients',
    raw: headers({ to: people(10_000), text: 'to all' }),
    content: 'to all',
    email: { recipients_truncated: 9950 },
  },
  {
    name: 'a header of 3 MB',
    raw: headers({ headers: { 'X-Long': 'x'.repeat(3_000_000) } }),
    email: { unreadable: true },
  },
  {
    name: '20,000 header fields',
    raw: headers({
      headers: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`X-${index}`, 'x'])),
      text: 'below',
    }),
    content: 'below',
  },
  { name: 'no From', raw: headers({ from: null }), sender: 'Unknown sender', email: { from: null } },
  { name: 'a From that is no address', raw: headers({ from: 'undisclosed' }), sender: 'Unknown sender' },
  {
    name: 'an address without a top-level domain',
    raw: headers({ from: 'root@localhost' }),
    sender: 'root@localhost',
  },
  {
    name: 'two senders',
    raw: headers({ from: 'One <one@example.org>, Two <two@example.org>' }),
    sender: 'One',
  },
  {
    name: 'an address in capitals with a comment',
    raw: headers({ from: 'Eve.Adams@EXAMPLE.org (Eve)' }),
    sender: 'Eve',
  },
  { name: 'an address in Unicode', raw: headers({ from: 'Jörg <jörg@exämple.org>' }), sender: 'Jörg' },
  {
    name: 'a name with a line break',
    raw: headers({ from: `=?utf-8?B?${base64('Evil\r\nBcc: x')}?= <evil@example.org>` }),
    sender: 'Evil Bcc: x',
  },
  {
    name: 'a group of recipients',
    raw: headers({ to: 'Team: a@example.org, b@example.org;' }),
    email: {
      to: [
        { name: null, address: 'a@example.org' },
        { name: null, address: 'b@example.org' },
      ],
    },
  },
  { name: 'no recipients', raw: headers({ to: null }), email: { to: [] } },
  { name: 'undisclosed recipients', raw: headers({ to: 'undisclosed-recipients:;' }), email: { to: [] } },
  {
    name: 'a subject in two encodings',
    raw: headers({ subject: '=?utf-8?B?w7w=?= =?iso-8859-1?Q?=E4?=' }),
    email: { subject: 'üä' },
  },
  { name: 'a subject in raw bytes', raw: headers({ subject: 'Grüße 😀' }), email: { subject: 'Grüße 😀' } },
  {
    name: 'a subject of 100,000 characters',
    raw: headers({ subject: 'x'.repeat(100_000) }),
    email: { subject: 'x'.repeat(500) },
  },
  { name: 'a folded subject', raw: headers({ subject: 'one\n two' }), email: { subject: 'one two' } },
  { name: 'a Message-ID of 900 characters', raw: headers({ id: `<${'x'.repeat(880)}${Date.now()}@x>` }) },
  { name: 'a Message-ID without brackets', raw: headers({ id: `bare-${Date.now()}@example.org` }) },
  {
    name: '5,000 References',
    raw: headers({
      headers: { References: Array.from({ length: 5000 }, (_, index) => `<${index}@x>`).join('\n ') },
    }),
  },
  {
    name: 'a date that cannot be read',
    raw: headers({ headers: { Date: 'yesterday' } }),
    email: { date: undefined },
  },
  {
    name: 'a date in the year 30000',
    raw: headers({ headers: { Date: 'Mon, 01 Jan 30000 00:00:00 +0000' } }),
  },
  {
    name: 'the names of methods as header fields',
    raw: headers({ headers: { __proto__x: 'a', constructor: 'b', toString: 'c' } }),
    content: 'Where is my order?',
  },
]
