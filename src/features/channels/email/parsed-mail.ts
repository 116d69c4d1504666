import type { LocalFile } from '../../../files/storage.ts'
import type { MailPerson } from './schema.ts'

/** A part of a mail that is neither its text nor its HTML, in a temporary file. */
export interface MailFile extends LocalFile {
  name: string | undefined
  /** The media type that the sender has declared. */
  declaredType: string
  /** By which the HTML refers to it, without angle brackets. */
  contentId: string | undefined
}

/** A header field as it was sent, unfolded. */
export interface MailHeader {
  name: string
  value: string
}

/** What a mail server reports about a mail that was sent (RFC 3464), as far as it is needed to know which and why. */
export interface MailReport {
  /** The beginning of the part `message/delivery-status`. */
  status: string
  /** The beginning of the mail that it is about, or of its headers; '' if they are not included. */
  original: string
}

/** A mail that was parsed. Everything is decoded, can be stored, and is bounded; the raw mail has the rest. */
export interface ParsedMail {
  /** The first 256 KiB of the header. */
  headers: MailHeader[]
  subject: string
  /** null without a usable address. */
  from: MailPerson | null
  /** At most 200 people of each field. Addresses are normalized. */
  to: MailPerson[]
  cc: MailPerson[]
  reply_to: MailPerson[]
  /** The people that `to` and `cc` leave out. */
  recipients_truncated: number
  /** With angle brackets; null if there is none. */
  message_id: string | null
  in_reply_to: string[]
  /** The nearest ones, the oldest first. */
  references: string[]
  /** Milliseconds. */
  date: number | null
  /** The plain text, or that of the HTML if there is none; without carriage returns. At most 1 MiB characters. */
  text: string
  /** Whether `text` was made from the HTML. */
  is_from_html: boolean
  has_html: boolean
  report: MailReport | null
  files: MailFile[]
  /** How many files were left out: too many, or too large. */
  files_omitted: number
  /** Whether only the header could be read, if that. */
  unreadable: boolean
}

/** A mail as its raw bytes are shown in full. */
export interface WholeMail extends Pick<ParsedMail, 'subject' | 'from' | 'to' | 'cc' | 'headers'> {
  html: string | null
  text: string | null
}

/** The value of the first header field with this name, in lower case; undefined if there is none. */
export function headerOf({ headers }: Pick<ParsedMail, 'headers'>, name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value
}
