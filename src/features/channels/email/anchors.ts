import { createHmac } from 'node:crypto'
import { isSameSecret } from '../../../lib/secrets.ts'

/*
 * By what an answer is recognized: the Message-IDs of mails that were sent from here, and addresses with a suffix. Both
 * carry a keyed hash, with a key of the inbox, so nobody can name a conversation whose mails they have not received.
 */

/** A message that was sent: a part of its key in the database. */
export interface SentMessage {
  account_id: number
  conversation_id: number
  id: number
}

// 80 bits: nobody can try that many mails, and the local part of an address has at most 64 characters.
const tagBytes = 10

function tagOf(key: string, ...parts: (string | number)[]): string {
  return createHmac('sha256', key).update(parts.join(' ')).digest().subarray(0, tagBytes).toString('hex')
}

/** The Message-ID of a message, with angle brackets. It is always the same, so a repeated mail is recognized as one. */
export function messageIdOf(key: string, message: SentMessage, email: string): string {
  const { account_id, conversation_id, id } = message
  return `<ndoto.${account_id}.${conversation_id}.${id}.${tagOfMessage(key, message)}@${domainOf(email)}>`
}

/** The message with a Message-ID that `messageIdOf` has made with this key, undefined for all others. */
export function readMessageId(key: string, messageId: string): SentMessage | undefined {
  const form = /^<?ndoto\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]+)@/i
  const [, account, conversation, message, tag] = form.exec(messageId) ?? []
  if (tag === undefined) return undefined
  const sent = { account_id: Number(account), conversation_id: Number(conversation), id: Number(message) }
  return isSameSecret(tag.toLowerCase(), tagOfMessage(key, sent)) ? sent : undefined
}

function tagOfMessage(key: string, { account_id, conversation_id, id }: SentMessage): string {
  return tagOf(key, 'message', account_id, conversation_id, id)
}

/** The address of the inbox to which answers in a conversation go: `support+c.12.HASH@example.com`. */
export function plusAddressOf(key: string, conversationId: number, email: string): string {
  const tag = tagOf(key, 'conversation', conversationId)
  return `${email.slice(0, email.lastIndexOf('@'))}+c.${conversationId}.${tag}@${domainOf(email)}`
}

/** The conversation of an address that `plusAddressOf` has made with this key, undefined for all others. */
export function readPlusAddress(key: string, address: string): number | undefined {
  const [, conversation, tag] = /\+c\.(\d{1,15})\.([0-9a-f]+)@/i.exec(address) ?? []
  if (tag === undefined) return undefined
  const id = Number(conversation)
  return isSameSecret(tag.toLowerCase(), tagOf(key, 'conversation', id)) ? id : undefined
}

/** Whether an address is that of the inbox, with or without a suffix. */
export function isOwnAddress(email: string, address: string): boolean {
  const [local, domain] = [email.slice(0, email.lastIndexOf('@')), domainOf(email)]
  const plain = address.toLowerCase()
  if (!plain.endsWith(`@${domain}`)) return false
  const name = plain.slice(0, -domain.length - 1)
  return name === local.toLowerCase() || name.startsWith(`${local.toLowerCase()}+`)
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}
