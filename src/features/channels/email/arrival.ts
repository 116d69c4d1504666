import type { LocalFile } from '../../../files/storage.ts'
import type { Context } from '../../../http/feature.ts'
import type { Received } from '../../customers/receive.ts'
import type { EmailInbox } from './inbox.ts'
import type { ParsedMail } from './parsed-mail.ts'

/** A mail that has arrived, before it is stored. */
export interface Arrival {
  context: Context
  inbox: EmailInbox
  /** The key of the anchors of the inbox. */
  key: string
  mail: ParsedMail
  /** Its bytes. */
  raw: LocalFile
  /** What it will be called as a message. */
  source_id: string
}

/** What became of a mail: a message, or it was `handled` in another way, such as a delivery report. */
export type MailResult = Received | { state: 'handled' }

/** Looks at a mail before it becomes a message of a contact. Returns what became of it, undefined if it is an ordinary one. */
export type ArrivalStep = (arrival: Arrival) => Promise<MailResult | undefined>
