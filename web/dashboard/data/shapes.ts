/* What the API answers: the server's own shapes, types only. */

export type { Contact } from '../../../src/features/contacts/schema.ts'
export type { Agent } from '../../../src/features/users/schema.ts'

import type { Conversation as Shown } from '../../../src/features/conversations/schema.ts'

import type { Inbox as ShownInbox } from '../../../src/features/inboxes/schema.ts'

export type { Member } from '../../../src/features/inboxes/schema.ts'

/** The last two only from servers that have the chat for websites. */
export type Inbox = ShownInbox & {
  widget?: {
    color: string
    position: 'right' | 'left'
    title: string | null
    allowed_origins: string[]
    show_agents: boolean
  } | null
  embed_script?: string | null
}
export type { Label } from '../../../src/features/labels/schema.ts'

import type { Message } from '../../../src/features/messages/schema.ts'

export type { MessagePage } from '../../../src/features/messages/schema.ts'
export type { Team } from '../../../src/features/teams/schema.ts'
export type { AccessToken, Profile } from '../../../src/features/users/schema.ts'
export type { Message }

export type Conversation = Omit<Shown, 'last_message'> & { last_message: Message | null }
export type Status = Conversation['status']
export type Priority = NonNullable<Conversation['priority']>
