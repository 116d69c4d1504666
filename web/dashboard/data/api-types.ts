/* The types of the API, from the schemas of the server. */

export type { Contact } from '../../../src/features/contacts/schema.ts'
export type { Agent } from '../../../src/features/users/schema.ts'

import type { Conversation as Shown } from '../../../src/features/conversations/schema.ts'

export type { Inbox, Member } from '../../../src/features/inboxes/schema.ts'
export type { Label } from '../../../src/features/labels/schema.ts'

import type { Message } from '../../../src/features/messages/schema.ts'

export type { MessagePage } from '../../../src/features/messages/schema.ts'
export type { UserPresence } from '../../../src/features/realtime/schema.ts'
export type { Invitation as InvitationDetails } from '../../../src/features/sign-in/schema.ts'
export type { Team } from '../../../src/features/teams/schema.ts'
export type { AccessToken, Availability, Profile, Session } from '../../../src/features/users/schema.ts'
export type { Visit } from '../../../src/features/visits/schema.ts'
export type { Delivery, Webhook } from '../../../src/features/webhooks/schema.ts'
export type { Message }

export type Conversation = Omit<Shown, 'last_message'> & { last_message: Message | null }
export type Status = Conversation['status']
export type Priority = NonNullable<Conversation['priority']>
