import { strings } from '../strings.ts'
import type { Conversation, Message } from './api-types.ts'
import { conversationSignal } from './conversations.ts'

// The API's name for contacts who have given none.
const noName = 'Visitor'

interface Named {
  id: number
  name: string
  email?: string | null
  phone_number?: string | null
}

/** The name of a contact as every page shows it. Who has no name has an address or the number of the contact. */
export function contactName({ id, name, email, phone_number }: Named): string {
  return isUnnamed({ name }) ? email || phone_number || strings.visit.visitor(id) : name
}

function isUnnamed({ name }: Pick<Named, 'name'>): boolean {
  return name === '' || name === noName
}

/** The name of the author of a message; empty if it has none. */
export function senderName({ sender, conversation_id }: Message): string {
  if (sender?.type !== 'Contact') return sender?.name ?? ''
  return contactName(contactOf(conversation_id, sender))
}

/** What is known of a contact who is named by id in an event or a message. */
export function contactOf(conversation: number, named: { id: number; name: string }): Named {
  const contact: Conversation['contact'] | undefined = conversationSignal(conversation)?.value.contact
  return contact?.id === named.id ? contact : named
}

/** The letters in the circle of a contact, if they are not those of a name: two visitors would both have a V. */
export function contactInitials(contact: Named): string | undefined {
  return isUnnamed(contact) && !contact.email ? String(contact.id).slice(-2) : undefined
}
