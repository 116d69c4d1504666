import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { mbox } from '../../../test/mbox.ts'
import { findMails, readMail } from './mbox-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'mbox-'))

/** The mails of a file that arrives in chunks of this size. */
async function mailsOf(bytes: Buffer, chunkSize: number) {
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  }
  const file = join(folder, 'some.mbox')
  writeFileSync(file, bytes)
  const handle = await open(file)
  try {
    const spans = await Array.fromAsync(findMails(chunks()))
    const texts = await Promise.all(spans.map((span) => readMail(handle, span)))
    return spans.map((span, index) => ({ ...span, text: texts[index]!.toString('latin1') }))
  } finally {
    await handle.close()
  }
}

describe('An mbox file', () => {
  after(() => rmSync(folder, { recursive: true }))

  it('returns every mail as it was, however it is cut into chunks', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '\r',
        'F',
        'From ',
        '>From here',
        '>>From - Tue Jan  2 10:00:00 2024',
        'x'.repeat(2000),
      ),
      fc.constantFrom('From - Tue Jan  2 10:00:00 2024', 'From a@b Tue Jan 02 10:00:00 +0100 2024\r'),
      fc.string({ unit: 'binary-ascii', maxLength: 20 }).map((text) => text.replaceAll('\n', '')),
    )
    const mail = fc.array(line, { maxLength: 8 }).map((lines) => `Subject: a\n${lines.join('\n')}\nend\n`)
    const property = async (mails: string[], chunkSize: number) => {
      const found = await mailsOf(mbox(...mails.map((text) => Buffer.from(text, 'latin1'))), chunkSize)
      assert.deepEqual(
        found.map(({ text }) => text),
        mails,
      )
    }
    const mails = fc.array(mail, { minLength: 1, maxLength: 5 })
    await fc.assert(fc.asyncProperty(mails, fc.integer({ min: 1, max: 400 }), property), { numRuns: 200 })
  })

  it('begins a mail at a line with a date, but not at a sentence, and knows the time and the line', async () => {
    const text = `From - Tue Jan  2 10:00:00 2024
Subject: One

From here on it is text.
From all of us in 2024
From 17@xxx Wed Jan 03 10:00:00 +0100 2024\r
Subject: Two\r
\r
>From the old format\r
\r
From MAILER-DAEMON  Thu, Jan  4 10:00:00 2024
Subject: Three`
    const mails = await mailsOf(Buffer.from(text), 7)
    assert.deepEqual(
      mails.map(({ line, time, text }) => [line, new Date(time!).toISOString(), text]),
      [
        [1, '2024-01-02T10:00:00.000Z', 'Subject: One\n\nFrom here on it is text.\nFrom all of us in 2024\n'],
        [6, '2024-01-03T09:00:00.000Z', 'Subject: Two\r\n\r\nFrom the old format\r\n'],
        [11, '2024-01-04T10:00:00.000Z', 'Subject: Three'],
      ],
    )
  })
})
