import type { Contact, Conversation } from './api-types.ts'
import { call, upload } from './call.ts'
import { accountPath } from './session.ts'

interface FirstMail {
  /** The id of an e-mail inbox. */
  inbox: number
  /** Addresses; the conversation is with the first one. */
  to: readonly string[]
  /** The other fields of the mail. */
  attributes: object
  content: string
  files: readonly File[]
  /** The same if it is sent again after a failure: then it is not sent twice. */
  key: string
  /** Called with the share of the files that was sent, from 0 to 1. */
  onProgress(share: number): void
}

/** Begins a conversation with a mail, with a new contact if no contact has the address. Returns its id. Throws CallError. */
export async function beginConversation(mail: FirstMail): Promise<number> {
  const { inbox, to, attributes, content, files, key, onProgress } = mail
  const contact_id = await findOrCreateContact(to[0]!)
  const recipients = to.length > 1 ? { to_emails: to } : {}
  const message = { content, content_attributes: { ...attributes, ...recipients } }
  const path = `${accountPath()}/conversations`
  const headers = { 'idempotency-key': key }
  if (files.length === 0) {
    const body = { inbox_id: inbox, contact_id, message }
    return (await call<Conversation>(path, { method: 'POST', body, headers })).id
  }
  const form = new FormData()
  form.append('inbox_id', String(inbox))
  form.append('contact_id', String(contact_id))
  form.append('message', JSON.stringify(message))
  for (const file of files) form.append('attachments[]', file)
  const { signal } = new AbortController()
  return (await upload<Conversation>(path, form, { headers, signal, onProgress })).id
}

async function findOrCreateContact(email: string): Promise<number> {
  const path = `${accountPath()}/contacts`
  const query = new URLSearchParams({ q: email })
  const { payload } = await call<{ payload: Contact[] }>(`${path}/search?${query}`)
  const known = payload.find((contact) => contact.email?.toLowerCase() === email.toLowerCase())
  return (known ?? (await call<Contact>(path, { method: 'POST', body: { name: email, email } }))).id
}
