/* The types of the API, from the schemas of the server. */

export type { Action } from '../../../src/features/actions/schema.ts'
export type { AgentBot } from '../../../src/features/bots/schema.ts'
export type { BulkAction } from '../../../src/features/bulk/schema.ts'
export type {
  CannedResponse,
  RenderedResponse,
  Signature,
} from '../../../src/features/canned-responses/schema.ts'
export type { Company } from '../../../src/features/companies/schema.ts'
export type { ContactImport } from '../../../src/features/contact-imports/schema.ts'
export type { ContactNote } from '../../../src/features/contact-notes/schema.ts'
export type { Contact } from '../../../src/features/contacts/schema.ts'
export type { Activity } from '../../../src/features/conversations/schema.ts'
export type { CustomAttributeDefinition } from '../../../src/features/custom-attributes/schema.ts'
export type { Draft as ServerDraft, DraftConflict } from '../../../src/features/drafts/schema.ts'
export type { Agent } from '../../../src/features/users/schema.ts'

import type { Conversation as Shown } from '../../../src/features/conversations/schema.ts'

export type { Inbox, Member } from '../../../src/features/inboxes/schema.ts'
export type { Label } from '../../../src/features/labels/schema.ts'
export type { Macro, MacroPreview, MacroRun } from '../../../src/features/macros/schema.ts'

import type { Message } from '../../../src/features/messages/schema.ts'

export type { MessagePage } from '../../../src/features/messages/schema.ts'
export type { ConversationMove } from '../../../src/features/moves/schema.ts'
export type {
  Notification,
  NotificationSettings,
  NotificationType,
} from '../../../src/features/notifications/schema.ts'
export type { Proposal } from '../../../src/features/proposals/schema.ts'
export type { UserPresence } from '../../../src/features/realtime/schema.ts'
export type { ScheduledMessage } from '../../../src/features/scheduled-messages/schema.ts'
export type { Invitation as InvitationDetails } from '../../../src/features/sign-in/schema.ts'
export type { Team } from '../../../src/features/teams/schema.ts'
export type {
  AccessToken,
  Availability,
  Locale,
  Profile,
  Session,
} from '../../../src/features/users/schema.ts'
export type { View } from '../../../src/features/views/schema.ts'
export type { Visit } from '../../../src/features/visits/schema.ts'
export type { Delivery, Webhook } from '../../../src/features/webhooks/schema.ts'
export type { Message }

export type Conversation = Omit<Shown, 'last_message'> & { last_message: Message | null }
export type Status = Conversation['status']
export type Priority = NonNullable<Conversation['priority']>
