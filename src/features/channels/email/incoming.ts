import { unlink } from 'node:fs/promises'
import type { Queries } from '../../../db/database.ts'
import type { LocalFile } from '../../../files/storage.ts'
import type { Context } from '../../../http/feature.ts'
import { isUnavailable, type Refusal } from '../../../lib/errors.ts'
import { emailForm } from '../../../lib/schema.ts'
import type { UploadedFile } from '../../attachments/multipart.ts'
import { mostFiles } from '../../attachments/schema.ts'
import { Upload } from '../../attachments/service.ts'
import type { Customer } from '../../customers/customer.ts'
import { type Incoming, receive, type StoredMessage } from '../../customers/receive.ts'
import { findBySourceId } from '../../messages/parts.store.ts'
import { isOwnAddress, readMessageId } from './anchors.ts'
import type { Arrival, ArrivalStep, MailResult } from './arrival.ts'
import { inboxesContinuedBy } from './continuing/continued-inboxes.ts'
import type { EmailInbox } from './inbox.ts'
import { automaticReason } from './incoming/automatic.ts'
import { recordDeliveryReport } from './incoming/report-step.ts'
import { insertMail, type ThreadConversation } from './mail.store.ts'
import { contentOf } from './mail-attributes.ts'
import { mailCounters } from './mail-counters.ts'
import { mailReader } from './mail-reader.ts'
import { findMailbox, noteArrival } from './mailbox.store.ts'
import type { MailFile, ParsedMail } from './parsed-mail.ts'
import { admitPeople } from './people.ts'
import type { MailPerson } from './schema.ts'
import { isSpam, markAsSpam } from './spam.ts'
import { anchorsOf, findThread, sourceIdOf, sourceIdOfBytes, type Thread } from './threading.ts'

/** What looks at each mail, in this order, before it becomes a message of a contact. */
const steps: readonly ArrivalStep[] = [ignoreOwn, recordDeliveryReport]

/** How a mail came here. */
export interface Delivery {
  /** When it reached the mailbox, in milliseconds. */
  arrivedAt?: number
  /** Is called in the transaction that stores the message. */
  stored?: (tx: Queries) => Promise<void>
}

/**
 * Stores a mail as a message, once. `raw` is removed. What cannot be read is stored, too. Throws `unavailable` if it cannot
 * be stored now, and `not_found` if the inbox was deleted: then repeat it, or give it back.
 */
export async function receiveMail(
  context: Context,
  inbox: EmailInbox,
  raw: LocalFile,
  delivery: Delivery = {},
): Promise<MailResult> {
  const upload = new MailUpload(context, raw)
  try {
    const arrival = await parseArrival(context, inbox, raw)
    upload.add(arrival.mail)
    for (const step of steps) {
      const result = await step(arrival)
      if (result) return result
    }
    return await storeMail(arrival, upload, delivery).catch((error) => {
      if (isUnavailable(error) || (error as Refusal).code === 'not_found') throw error
      // Something in it breaks a rule that nobody has thought of. It must not hold up the next mail.
      const mail = { ...arrival.mail, text: '', subject: '', from: null, reply_to: [], unreadable: true }
      return storeMail({ ...arrival, mail }, upload, delivery)
    })
  } finally {
    await upload.discard()
  }
}

/** Parses a mail. */
export async function parseArrival(context: Context, inbox: EmailInbox, raw: LocalFile): Promise<Arrival> {
  const { files, config, database } = context
  await files.diskSpace.assertEnough()
  const options = {
    directory: files.temporaryDirectory,
    mostFiles,
    largestFile: config.maxFileSize,
  }
  const [mail, mailbox] = await Promise.all([
    mailReader.of(context).read(raw, options),
    findMailbox(database.read, { account_id: inbox.account_id, inbox_id: inbox.id }),
  ])
  const source_id = mail.message_id ? sourceIdOf(mail.message_id) : sourceIdOfBytes(raw.sha256)
  return { context, inbox, key: mailbox?.anchor_key ?? '', mail, raw, source_id }
}

/** The files of a mail and its raw bytes, on disk. */
export class MailUpload {
  readonly #context: Pick<Context, 'database' | 'files'>
  readonly #raw: LocalFile
  #files: readonly MailFile[] = []

  constructor(context: Pick<Context, 'database' | 'files'>, raw: LocalFile) {
    this.#context = context
    this.#raw = raw
  }

  add({ files }: ParsedMail): void {
    this.#files = files
  }

  /** What `receive()` stores. A mail that cannot be read is also shown as a file. */
  toUpload({ unreadable }: ParsedMail): Upload {
    const { database, files } = this.#context
    const raw: UploadedFile = { ...this.#raw, name: 'mail.eml', declaredType: 'message/rfc822' }
    return new Upload([...this.#files, { ...raw, isSource: !unreadable }], database, files)
  }

  async discard(): Promise<void> {
    // Not rm(), which blocks the thread for each file.
    for (const { path } of [this.#raw, ...this.#files]) await unlink(path).catch(() => {})
  }
}

/** A mail that was sent from here comes back if the inbox is among its recipients. */
async function ignoreOwn({ key, mail, inbox }: Arrival): Promise<MailResult | undefined> {
  const own = mail.message_id ? readMessageId(key, mail.message_id) : undefined
  return own?.account_id === inbox.account_id ? { state: 'handled' } : undefined
}

/** Stores a mail as a message of its sender. */
async function storeMail(arrival: Arrival, upload: MailUpload, delivery: Delivery): Promise<MailResult> {
  const { context, inbox, mail, source_id } = arrival
  const parts = contentOf(mail, inbox.settings)
  const email = { ...parts.email, ...automaticOf(arrival) }
  const sender = senderOf(arrival)
  let isSpamHere = false
  const received = await receive(context, inbox, {
    source_id,
    identity: sender.address,
    contact: contactOf(sender),
    content: parts.content,
    attributes: { email },
    subject: mail.subject,
    upload: upload.toUpload(mail),
    async place(tx, customer) {
      const { conversation, linked } = await findThreadOf(tx, arrival, customer, sender.address)
      const known = conversation && (await findElsewhere(tx, arrival, conversation))
      if (known) return { known }
      isSpamHere = email.spam === true && (await isSpam(tx, customer, conversation?.id))
      const { spam, ...shown } = email
      const link = linked ? { linked_conversation_id: linked.id } : {}
      return { conversation, attributes: { email: { ...shown, ...link, ...(isSpamHere ? { spam } : {}) } } }
    },
    async stored(tx, message) {
      await noteMail(tx, arrival, message, delivery)
      if (isSpamHere) await markAsSpam(tx, inbox.account_id, message.conversation_id)
    },
  })
  if (received.state === 'stored') mailCounters.of(context).received.increase()
  return received
}

/** Why a mail is automatic, as its message shows it. */
export function automaticOf({ mail, inbox, key }: Pick<Arrival, 'mail' | 'inbox' | 'key'>): {
  automatic?: string
} {
  const automatic = automaticReason(mail, {
    isMessageId: (text) => readMessageId(key, text.trim()) !== undefined,
    isAddress: (address) => isOwnAddress(inbox.settings.email, address),
  })
  return automatic ? { automatic } : {}
}

const unknownSender: MailPerson = { name: 'Unknown sender', address: 'unknown@sender.invalid' }

/**
 * Who has written a mail. Forms on websites send from the address of the inbox itself, and name the visitor in Reply-To.
 */
export function senderOf({ mail, inbox }: Pick<Arrival, 'mail' | 'inbox'>): MailPerson {
  const { from, reply_to } = mail
  const isForm = from && isOwnAddress(inbox.settings.email, from.address)
  return (isForm ? reply_to[0] : undefined) ?? from ?? reply_to[0] ?? unknownSender
}

const usualAddress = new RegExp(emailForm.pattern)

/** What is known of the sender. An address of another form than usual is only their name in this inbox. */
export function contactOf({ name, address }: MailPerson): NonNullable<Incoming['contact']> {
  const isUsual = usualAddress.test(address) && address !== unknownSender.address
  return { ...(name ? { name } : {}), ...(isUsual ? { email: address } : {}) }
}

async function findThreadOf(
  tx: Queries,
  { key, mail, inbox }: Arrival,
  { account_id, inbox_id, contact_id }: Customer,
  address: string,
): Promise<Thread> {
  const continued = await inboxesContinuedBy(tx, inbox)
  return findThread(tx, key, anchorsOf(key, mail), { account_id, inbox_id, contact_id, address, continued })
}

/** The message of a mail that came before, if it is in a conversation of another inbox: there nobody has looked yet. */
async function findElsewhere(
  tx: Queries,
  { inbox, source_id }: Arrival,
  { inbox_id }: ThreadConversation,
): Promise<{ conversation_id: number; id: number } | undefined> {
  if (inbox_id === inbox.id) return undefined
  return findBySourceId(tx, { account_id: inbox.account_id, inbox_id }, source_id)
}

/** Stores what belongs to the message of a mail that has arrived. */
export async function noteMail(
  tx: Queries,
  arrival: Arrival,
  message: StoredMessage,
  delivery: Delivery,
): Promise<void> {
  const { account_id, id: inbox_id } = arrival.inbox
  await storeParts(tx, arrival, message)
  await noteArrival(tx, { account_id, inbox_id }, delivery.arrivedAt)
  await delivery.stored?.(tx)
}

/** Stores the raw bytes of the mail of a message, and who takes part in its conversation. */
export async function storeParts(
  tx: Queries,
  { inbox, mail }: Pick<Arrival, 'mail' | 'inbox'>,
  { conversation_id, id, sourceKey }: Omit<StoredMessage, 'isNewConversation'>,
): Promise<void> {
  const { account_id } = inbox
  const people = [mail.from, ...mail.to, ...mail.cc, ...mail.reply_to].flatMap((one) => one?.address ?? [])
  await admitPeople(tx, { account_id, conversation_id }, inbox.settings.email, people)
  if (sourceKey) await insertMail(tx, { account_id, message_id: id, conversation_id, file_key: sourceKey })
}
