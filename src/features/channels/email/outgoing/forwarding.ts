import type { Queries } from '../../../../db/database.ts'
import type { Context } from '../../../../http/feature.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { Refusal } from '../../../../lib/errors.ts'
import { markdownToHtml, plainTextToHtml } from '../../../../lib/text/markdown-html.ts'
import type { StoredAttachment } from '../../../attachments/parts.store.ts'
import type { Message } from '../../../messages/schema.ts'
import { get } from '../../../messages/service.ts'
import { selectFilesOf } from '../outgoing-mail.store.ts'
import type { EmailAttributes, MailPerson } from '../schema.ts'
import { readStoredMail } from '../stored-mail.ts'
import { safeHtml } from './safe-html.ts'

/** The message that a mail forwards; undefined if it does not exist, or is not for people outside. */
export async function findForwarded(
  queries: Queries,
  conversation: { account_id: number; conversation_id: number },
  id: number,
): Promise<Message | undefined> {
  const { account_id, conversation_id } = conversation
  try {
    const document = await get(queries, systemOf(account_id), conversation_id, id, false)
    const message = JSON.parse(document) as Message
    return message.private || message.message_type === 'activity' ? undefined : message
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return undefined
    throw error
  }
}

const forwardPrefix = /^\s{0,5}(?:fwd?|wg|tr|rv)\s?[:：]/i

/** The subject of a mail that forwards one with this subject. */
export function forwardSubject(subject: string): string {
  return forwardPrefix.test(subject) ? subject.trim() : `Fwd: ${subject.trim()}`
}

/** A text and, below it, the message that it forwards. */
export interface ForwardedText {
  text: string
  html: string
  /** Its files; the HTML shows those with a content id. */
  files: { name: string; key: string; contentId?: string | undefined }[]
}

// Characters. Longer HTML is forwarded as text.
const longestHtml = 500_000

/** Writes what a mail with `text` contains that forwards `message`. */
export async function forwardedText(
  context: Context,
  accountId: number,
  text: string,
  message: Message,
): Promise<ForwardedText> {
  const { conversation_id, id } = message
  const files = await selectFilesOf(context.database.read, { account_id: accountId, conversation_id, id })
  const email = message.content_attributes.email as Partial<EmailAttributes> | undefined
  const head = headOf(message, email).join('\n')
  const body = [message.content ?? '', ...(email?.quoted ? ['', email.quoted] : [])].join('\n')
  const inText = {
    text: [text, '', head, '', body].join('\n'),
    html: [markdownToHtml(text), plainTextToHtml(head), plainTextToHtml(body)].join('\n'),
    files: files.map(fileOf),
  }
  const html = email?.has_html ? await htmlOfMail(context, accountId, message) : null
  if (html === null || html.length > longestHtml) return inText
  const pictures = files.flatMap(({ content_id }, index) =>
    content_id ? [[content_id, `picture${index}`] as const] : [],
  )
  const shown = safeHtml(html, new Map(pictures))
  return {
    ...inText,
    html: [markdownToHtml(text), plainTextToHtml(head), `<div>${shown}</div>`].join('\n'),
    files: files.map((file, index) => ({
      ...fileOf(file),
      contentId: shown.includes(`"cid:picture${index}"`) ? `picture${index}` : undefined,
    })),
  }
}

function fileOf({ file_name, key }: StoredAttachment) {
  return { name: file_name, key }
}

async function htmlOfMail(
  context: Context,
  accountId: number,
  { conversation_id, id }: Message,
): Promise<string | null> {
  return (await readStoredMail(context, systemOf(accountId), conversation_id, id)).html
}

function headOf(message: Message, email: Partial<EmailAttributes> | undefined): string[] {
  const sender = email?.from ? personText(email.from) : (message.sender?.name ?? '')
  const time = new Date((email?.date ?? message.created_at) * 1000)
  return [
    '---------- Forwarded message ----------',
    ...(sender ? [`From: ${sender}`] : []),
    `Date: ${time.toUTCString()}`,
    ...(email?.subject ? [`Subject: ${email.subject}`] : []),
    ...(email?.to?.length ? [`To: ${email.to.map(personText).join(', ')}`] : []),
    ...(email?.cc?.length ? [`Cc: ${email.cc.map(personText).join(', ')}`] : []),
  ]
}

function personText({ name, address }: MailPerson): string {
  return name ? `${name} <${address}>` : address
}
