import { createHash, randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attachment, Email, Mailbox } from 'postal-mime'
import PostalMime, { addressParser, decodeWords } from 'postal-mime'
import { normalizeEmail } from '../../../lib/email.ts'
import { htmlToText } from './html-text.ts'
import type { MailFile, MailHeader, MailReport, ParsedMail, WholeMail } from './parsed-mail.ts'
import type { MailPerson } from './schema.ts'

/** What limits the parsing of a mail. */
export interface ParseOptions {
  /** The directory for its files. */
  directory: string
  /** The maximum number of files. */
  mostFiles: number
  /** The maximum size of one file, in bytes. */
  largestFile: number
}

const maxHeaders = 256 * 1024
const maxPeople = 200
const maxText = 1024 * 1024
const maxHtml = 4 * 1024 * 1024
const maxReport = 64 * 1024
const maxReferences = 50
const limits = { maxNestingDepth: 256, maxHeadersSize: 2 * 1024 * 1024, forceRfc822Attachments: true }

/** Parses a mail and writes its files. Rejects if it cannot be parsed, and then leaves no files. */
export async function parseMail(bytes: Uint8Array, options: ParseOptions): Promise<ParsedMail> {
  const mail = await PostalMime.parse(bytes, limits)
  const text = storable(mail.text ?? '')
  const isFromHtml = text.trim() === '' && mail.html !== undefined
  const body = isFromHtml ? storable(htmlToText(mail.html!.slice(0, maxHtml))) : text
  return {
    ...headOf(mail),
    text: body.replaceAll('\r', '').slice(0, maxText).toWellFormed(),
    is_from_html: isFromHtml,
    has_html: mail.html !== undefined,
    report: reportOf(mail.attachments),
    ...(await writeFiles(mail.attachments, options)),
    unreadable: false,
  }
}

/** What the header of a mail that cannot be parsed says. Does not fail. */
export async function parseHead(bytes: Uint8Array): Promise<ParsedMail> {
  const head = await PostalMime.parse(headerBytes(bytes), limits).catch(() => PostalMime.parse(''))
  const rest = { text: '', is_from_html: false, has_html: false, report: null, files: [], files_omitted: 0 }
  return { ...headOf(head), ...rest, unreadable: true }
}

/** The parts of a mail that the dashboard shows on request. */
export async function parseWhole(bytes: Uint8Array): Promise<WholeMail> {
  const mail = await PostalMime.parse(bytes, limits).catch(() => PostalMime.parse(headerBytes(bytes)))
  const { subject, from, to, cc, headers } = headOf(mail)
  const shortened = (part: string | undefined) =>
    part === undefined ? null : storable(part.slice(0, maxHtml)).toWellFormed()
  return { subject, from, to, cc, headers, html: shortened(mail.html), text: shortened(mail.text) }
}

/** The bytes up to the first empty line. */
function headerBytes(bytes: Uint8Array): Uint8Array {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maxHeaders))
  const ends = ['\r\n\r\n', '\n\n'].map((mark) => start.indexOf(mark)).filter((at) => at !== -1)
  return start.subarray(0, Math.min(start.length, ...ends))
}

function headOf(mail: Email) {
  const headers = headersOf(mail)
  const all = (name: string) =>
    headers.filter((one) => one.name.toLowerCase() === name).map(({ value }) => value)
  const people = (name: string) => all(name).flatMap(peopleOf)
  const to = people('to')
  const cc = people('cc')
  return {
    headers,
    subject: oneLine(decodeWords(all('subject')[0] ?? ''), 500),
    from: people('from')[0] ?? null,
    to: to.slice(0, maxPeople),
    cc: cc.slice(0, maxPeople),
    reply_to: people('reply-to').slice(0, maxPeople),
    recipients_truncated: Math.max(0, to.length - maxPeople) + Math.max(0, cc.length - maxPeople),
    message_id: idsIn(all('message-id').slice(0, 1))[0] ?? null,
    in_reply_to: idsIn(all('in-reply-to')).slice(0, 5),
    references: idsIn(all('references')).slice(-maxReferences),
    date: dateOf(all('date')[0]),
  }
}

function headersOf({ headers }: Email): MailHeader[] {
  const kept: MailHeader[] = []
  let size = 0
  for (const { originalKey, value } of headers) {
    size += originalKey.length + value.length
    // One field can be a list of ten thousand people.
    if (size > maxHeaders && originalKey.toLowerCase() !== 'to') continue
    kept.push({ name: oneLine(originalKey, 200), value: storable(value).toWellFormed() })
  }
  return kept
}

function peopleOf(value: string): MailPerson[] {
  return addressParser(value, { flatten: true }).flatMap((one) => {
    const { name, address } = one as Mailbox
    const plain = normalizeEmail(oneLine(address ?? '', 255))
    if (!/^[^\s@]+@[^\s@]+$/.test(plain)) return []
    return [{ name: oneLine(name ?? '', 100) || null, address: plain }]
  })
}

/** The identifiers in angle brackets of some fields. Some programs leave the brackets out. */
function idsIn(values: string[]): string[] {
  const text = values.join(' ')
  const ids = text.match(/<[^<>\s]{1,998}>/g) ?? []
  if (ids.length > 0) return ids.map((id) => storable(id).toWellFormed())
  const bare = text.trim()
  return /^[^\s<>]{1,998}$/.test(bare) ? [`<${storable(bare).toWellFormed()}>`] : []
}

function dateOf(value: string | undefined): number | null {
  // Without the name of the time zone, which follows as a comment.
  const time = Date.parse((value ?? '').slice(0, 100).split('(')[0]!)
  return time > 0 && time < 99_999_999_999_000 ? time : null
}

/** A text without what a database cannot store and what only controls terminals. */
function storable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
}

function oneLine(text: string, maxLength: number): string {
  return storable(text.slice(0, 4 * maxLength))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxLength)
    .toWellFormed()
}

function reportOf(attachments: Attachment[]): MailReport | null {
  const beginning = (...types: string[]) => {
    const part = attachments.find(({ mimeType }) => types.includes(mimeType))
    return part && storable(Buffer.from(bytesOf(part)).toString('latin1', 0, maxReport))
  }
  const status = beginning('message/delivery-status', 'message/global-delivery-status')
  const original = beginning(
    'message/rfc822',
    'text/rfc822-headers',
    'message/rfc822-headers',
    'message/global',
  )
  return status === undefined ? null : { status, original: original ?? '' }
}

function bytesOf({ content }: Attachment): Uint8Array {
  return content instanceof ArrayBuffer ? new Uint8Array(content) : (content as Uint8Array)
}

async function writeFiles(attachments: Attachment[], { directory, mostFiles, largestFile }: ParseOptions) {
  const fitting = attachments.filter((one) => bytesOf(one).length <= largestFile).slice(0, mostFiles)
  const files: MailFile[] = []
  for (const attachment of fitting) files.push(await writeFile(attachment, directory))
  return { files, files_omitted: attachments.length - fitting.length }
}

async function writeFile(attachment: Attachment, directory: string): Promise<MailFile> {
  const bytes = bytesOf(attachment)
  const path = join(directory, randomUUID())
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return {
    path,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    name: nameOf(attachment),
    declaredType: oneLine(attachment.mimeType ?? '', 100) || 'application/octet-stream',
    contentId: oneLine(attachment.contentId ?? '', 255).replace(/^<|>$/g, '') || undefined,
  }
}

function nameOf({ filename, mimeType }: Attachment): string | undefined {
  if (filename) return storable(filename).toWellFormed()
  if (mimeType === 'message/rfc822') return 'mail.eml'
  return mimeType === 'text/calendar' ? 'invitation.ics' : undefined
}
