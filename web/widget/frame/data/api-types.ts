import type { Static } from 'typebox'
import type { Attachment } from '../../../../src/features/attachments/schema.ts'
import type {
  ClientContact,
  ClientConversation,
  ClientInbox,
  ClientMessage,
  ClientMessagePage,
} from '../../../../src/features/customer-api/schema.ts'

export type Attached = Attachment
export type Contact = ClientContact
export type Conversation = ClientConversation
export type Inbox = ClientInbox
export type Message = ClientMessage
export type MessagePage = Static<typeof ClientMessagePage>
