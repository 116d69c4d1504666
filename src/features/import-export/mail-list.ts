import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Refusal } from '../../lib/errors.ts'
import { parseHead } from '../channels/email/parse.ts'
import { sourceIdOf } from '../channels/email/threading.ts'
import { findMails, type MailSpan, readBeginning } from './mbox-file.ts'

/** An mbox file that is open. */
export interface MailFile {
  name: string
  handle: FileHandle
}

/** A mail in one of the files. */
export interface ListedMail extends MailSpan {
  file: MailFile
  /** When it was sent, in milliseconds. */
  time: number
  /** Its `source_id`, and that of the mail that it answers; undefined if its header does not name them. */
  sourceId: string | undefined
  answers: string | undefined
}

/**
 * Lists the mails of a file. `progress` gets the number of bytes read, and of mails. Throws `invalid` if it is not an mbox
 * file.
 */
export async function listMails(
  file: MailFile,
  progress: (bytes: number, mails: number) => void,
): Promise<ListedMail[]> {
  const mails: ListedMail[] = []
  const chunks = async function* () {
    let bytes = 0
    for await (const chunk of createReadStream(file.name, { highWaterMark: 1024 * 1024 })) {
      yield chunk as Buffer
      bytes += chunk.length
      progress(bytes, mails.length)
    }
  }
  for await (const span of findMails(chunks())) {
    if (mails.length === 0 && span.line > 1) throw notMbox(file)
    mails.push(await listed(file, span, mails.at(-1)?.time))
  }
  if (mails.length === 0 && (await file.handle.stat()).size > 0) throw notMbox(file)
  return mails
}

function notMbox({ name }: MailFile): Refusal {
  const example = 'From - Tue Jan 2 10:00:00 2024'
  return new Refusal('invalid', `${name} is not an mbox file: its first line must look like "${example}".`)
}

async function listed(file: MailFile, span: MailSpan, previous = Date.now()): Promise<ListedMail> {
  const { message_id, in_reply_to, references, date } = await parseHead(
    await readBeginning(file.handle, span),
  )
  const answered = in_reply_to[0] ?? references.at(-1)
  return {
    ...span,
    file,
    // A clock that is ahead must not keep the conversation at the top of the list.
    time: Math.min(date ?? span.time ?? previous, Date.now()),
    sourceId: message_id ? sourceIdOf(message_id) : undefined,
    answers: answered && sourceIdOf(answered),
  }
}

/** Sorts mails by time, but none before the mail that it answers, whatever their clocks said. */
export function inOrder(mails: readonly ListedMail[]): ListedMail[] {
  const byId = new Map(mails.flatMap((mail) => (mail.sourceId ? [[mail.sourceId, mail] as const] : [])))
  const ordered = new Set<ListedMail>()
  for (const mail of mails.toSorted((one, other) => one.time - other.time)) {
    const chain = new Set<ListedMail>()
    // Mails that answer each other form a circle.
    for (
      let one: ListedMail | undefined = mail;
      one && !ordered.has(one) && !chain.has(one);
      one = one.answers ? byId.get(one.answers) : undefined
    ) {
      chain.add(one)
    }
    for (const one of [...chain].reverse()) ordered.add(one)
  }
  return [...ordered]
}

/** Opens files. They must be closed. */
export async function openMailFiles(names: readonly string[]): Promise<MailFile[]> {
  return Promise.all(names.map(async (name) => ({ name, handle: await open(name) })))
}
