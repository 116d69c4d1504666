// Generated from docs/openapi.json by `npm run openapi`: do not edit.

import type { CallOptions, Inputs, SendOptions, UploadOptions } from './options.ts'

export interface ErrorBody {
  /** One sentence with the field and the rule. */
  error: string
  /** What a program can rely on: sentences may change, the meaning of a code does not. */
  code: 'malformed' | 'unauthenticated' | 'wrong_credentials' | 'forbidden' | 'administrator_required' | 'contact_blocked' | 'identity_not_proven' | 'link_expired' | 'missing_scope' | 'origin_not_allowed' | 'not_found' | 'route_not_found' | 'unknown_source_id' | 'request_timeout' | 'conflict' | 'already_answered' | 'assignee_changed' | 'inbox_has_conversations' | 'last_administrator' | 'limit_reached' | 'stale' | 'too_large' | 'unsupported_media_type' | 'range_not_satisfiable' | 'invalid' | 'idempotency_key_reused' | 'too_many_requests' | 'headers_too_large' | 'internal_error' | 'unavailable'
  /** With 422: each invalid field and its rule. */
  errors?: Array<{
    field: string
    message: string
    code: 'required' | 'empty' | 'wrong_type' | 'wrong_format' | 'too_short' | 'too_long' | 'too_many_items' | 'too_small' | 'too_large' | 'not_allowed_value' | 'not_allowed' | 'not_found' | 'taken' | 'duplicate' | 'in_the_past' | 'expired' | 'wrong_password' | 'weak_password'
    /** With a code about a size: the number of characters or items, or the smallest or largest number. */
    limit?: number
  }>
}

/** Who did it. A program acts as the user of its token, or as the contact it writes for. */
export interface EventActor {
  type: 'user' | 'contact' | 'bot' | 'system' | 'rule'
  /** null for the system. */
  id: number | null
}

/** What led to an event. `depth` is the number of causes in a row. */
export interface EventCause {
  type: 'event' | 'rule'
  /** The position of the event, or the id of the rule. */
  id: number
  depth: number
}

/** An agent was created. */
export interface AgentCreatedEvent {
  event: 'agent_created'
  /** The id of the agent. */
  id: number
  agent: Agent
  /** The fields of the agent that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An agent was created. */
export interface AgentCreatedWebhook {
  event: 'agent_created'
  agent: Agent
  /** The fields of the agent that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An agent was updated. */
export interface AgentUpdatedEvent {
  event: 'agent_updated'
  /** The id of the agent. */
  id: number
  agent: Agent
  /** The fields of the agent that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An agent was updated. */
export interface AgentUpdatedWebhook {
  event: 'agent_updated'
  agent: Agent
  /** The fields of the agent that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An agent was deleted. */
export interface AgentDeletedEvent {
  event: 'agent_deleted'
  /** The id of the agent. */
  id: number
  agent: Agent
  /** The fields of the agent that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An agent was deleted. */
export interface AgentDeletedWebhook {
  event: 'agent_deleted'
  agent: Agent
  /** The fields of the agent that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An inbox was created. */
export interface InboxCreatedEvent {
  event: 'inbox_created'
  /** The id of the inbox. */
  id: number
  inbox: Inbox
  /** The fields of the inbox that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An inbox was created. */
export interface InboxCreatedWebhook {
  event: 'inbox_created'
  inbox: Inbox
  /** The fields of the inbox that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An inbox was updated. */
export interface InboxUpdatedEvent {
  event: 'inbox_updated'
  /** The id of the inbox. */
  id: number
  inbox: Inbox
  /** The fields of the inbox that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An inbox was updated. */
export interface InboxUpdatedWebhook {
  event: 'inbox_updated'
  inbox: Inbox
  /** The fields of the inbox that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An inbox was deleted. */
export interface InboxDeletedEvent {
  event: 'inbox_deleted'
  /** The id of the inbox. */
  id: number
  inbox: Inbox
  /** The fields of the inbox that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An inbox was deleted. */
export interface InboxDeletedWebhook {
  event: 'inbox_deleted'
  inbox: Inbox
  /** The fields of the inbox that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A label was created. */
export interface LabelCreatedEvent {
  event: 'label_created'
  /** The id of the label. */
  id: number
  label: Label
  /** The fields of the label that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A label was created. */
export interface LabelCreatedWebhook {
  event: 'label_created'
  label: Label
  /** The fields of the label that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A label was updated. */
export interface LabelUpdatedEvent {
  event: 'label_updated'
  /** The id of the label. */
  id: number
  label: Label
  /** The fields of the label that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A label was updated. */
export interface LabelUpdatedWebhook {
  event: 'label_updated'
  label: Label
  /** The fields of the label that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A label was deleted. */
export interface LabelDeletedEvent {
  event: 'label_deleted'
  /** The id of the label. */
  id: number
  label: Label
  /** The fields of the label that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A label was deleted. */
export interface LabelDeletedWebhook {
  event: 'label_deleted'
  label: Label
  /** The fields of the label that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A team was created. */
export interface TeamCreatedEvent {
  event: 'team_created'
  /** The id of the team. */
  id: number
  team: Team
  /** The fields of the team that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A team was created. */
export interface TeamCreatedWebhook {
  event: 'team_created'
  team: Team
  /** The fields of the team that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A team was updated. */
export interface TeamUpdatedEvent {
  event: 'team_updated'
  /** The id of the team. */
  id: number
  team: Team
  /** The fields of the team that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A team was updated. */
export interface TeamUpdatedWebhook {
  event: 'team_updated'
  team: Team
  /** The fields of the team that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A team was deleted. */
export interface TeamDeletedEvent {
  event: 'team_deleted'
  /** The id of the team. */
  id: number
  team: Team
  /** The fields of the team that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A team was deleted. */
export interface TeamDeletedWebhook {
  event: 'team_deleted'
  team: Team
  /** The fields of the team that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A custom attribute definition was created. */
export interface CustomAttributeDefinitionCreatedEvent {
  event: 'custom_attribute_definition_created'
  /** The id of the custom attribute definition. */
  id: number
  custom_attribute_definition: CustomAttributeDefinition
  /** The fields of the custom attribute definition that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A custom attribute definition was created. */
export interface CustomAttributeDefinitionCreatedWebhook {
  event: 'custom_attribute_definition_created'
  custom_attribute_definition: CustomAttributeDefinition
  /** The fields of the custom attribute definition that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A custom attribute definition was updated. */
export interface CustomAttributeDefinitionUpdatedEvent {
  event: 'custom_attribute_definition_updated'
  /** The id of the custom attribute definition. */
  id: number
  custom_attribute_definition: CustomAttributeDefinition
  /** The fields of the custom attribute definition that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A custom attribute definition was updated. */
export interface CustomAttributeDefinitionUpdatedWebhook {
  event: 'custom_attribute_definition_updated'
  custom_attribute_definition: CustomAttributeDefinition
  /** The fields of the custom attribute definition that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A custom attribute definition was deleted. */
export interface CustomAttributeDefinitionDeletedEvent {
  event: 'custom_attribute_definition_deleted'
  /** The id of the custom attribute definition. */
  id: number
  custom_attribute_definition: CustomAttributeDefinition
  /** The fields of the custom attribute definition that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A custom attribute definition was deleted. */
export interface CustomAttributeDefinitionDeletedWebhook {
  event: 'custom_attribute_definition_deleted'
  custom_attribute_definition: CustomAttributeDefinition
  /** The fields of the custom attribute definition that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A company was created. */
export interface CompanyCreatedEvent {
  event: 'company_created'
  /** The id of the company. */
  id: number
  company: Company
  /** The fields of the company that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A company was created. */
export interface CompanyCreatedWebhook {
  event: 'company_created'
  company: Company
  /** The fields of the company that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A company was updated. */
export interface CompanyUpdatedEvent {
  event: 'company_updated'
  /** The id of the company. */
  id: number
  company: Company
  /** The fields of the company that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A company was updated. */
export interface CompanyUpdatedWebhook {
  event: 'company_updated'
  company: Company
  /** The fields of the company that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A company was deleted. */
export interface CompanyDeletedEvent {
  event: 'company_deleted'
  /** The id of the company. */
  id: number
  company: Company
  /** The fields of the company that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A company was deleted. */
export interface CompanyDeletedWebhook {
  event: 'company_deleted'
  company: Company
  /** The fields of the company that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A contact was created. */
export interface ContactCreatedEvent {
  event: 'contact_created'
  /** The id of the contact. */
  id: number
  contact: Contact
  /** The fields of the contact that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A contact was created. */
export interface ContactCreatedWebhook {
  event: 'contact_created'
  contact: Contact
  /** The fields of the contact that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A contact was changed. */
export interface ContactUpdatedEvent {
  event: 'contact_updated'
  /** The id of the contact. */
  id: number
  contact: Contact
  /** The fields of the contact that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A contact was changed. */
export interface ContactUpdatedWebhook {
  event: 'contact_updated'
  contact: Contact
  /** The fields of the contact that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A contact note was created. */
export interface ContactNoteCreatedEvent {
  event: 'contact_note_created'
  /** The id of the contact note. */
  id: number
  contact_note: ContactNote
  /** The fields of the contact note that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A contact note was created. */
export interface ContactNoteCreatedWebhook {
  event: 'contact_note_created'
  contact_note: ContactNote
  /** The fields of the contact note that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A contact note was updated. */
export interface ContactNoteUpdatedEvent {
  event: 'contact_note_updated'
  /** The id of the contact note. */
  id: number
  contact_note: ContactNote
  /** The fields of the contact note that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A contact note was updated. */
export interface ContactNoteUpdatedWebhook {
  event: 'contact_note_updated'
  contact_note: ContactNote
  /** The fields of the contact note that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A contact note was deleted. */
export interface ContactNoteDeletedEvent {
  event: 'contact_note_deleted'
  /** The id of the contact note. */
  id: number
  contact_note: ContactNote
  /** The fields of the contact note that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A contact note was deleted. */
export interface ContactNoteDeletedWebhook {
  event: 'contact_note_deleted'
  contact_note: ContactNote
  /** The fields of the contact note that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A conversation was created. */
export interface ConversationCreatedEvent {
  event: 'conversation_created'
  /** The number of the conversation in its account. */
  id: number
  conversation: Conversation
  /** The fields that have changed, such as `status` or `meta.assignee`. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A conversation was created. */
export interface ConversationCreatedWebhook {
  event: 'conversation_created'
  conversation: Conversation
  /** The fields that have changed, such as `status` or `meta.assignee`. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A conversation was assigned, labelled, seen, or changed in another way. */
export interface ConversationUpdatedEvent {
  event: 'conversation_updated'
  /** The number of the conversation in its account. */
  id: number
  conversation: Conversation
  /** The fields that have changed, such as `status` or `meta.assignee`. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A conversation was assigned, labelled, seen, or changed in another way. */
export interface ConversationUpdatedWebhook {
  event: 'conversation_updated'
  conversation: Conversation
  /** The fields that have changed, such as `status` or `meta.assignee`. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A conversation was resolved, snoozed, set to pending, or reopened. */
export interface ConversationStatusChangedEvent {
  event: 'conversation_status_changed'
  /** The number of the conversation in its account. */
  id: number
  conversation: Conversation
  /** The fields that have changed, such as `status` or `meta.assignee`. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A conversation was resolved, snoozed, set to pending, or reopened. */
export interface ConversationStatusChangedWebhook {
  event: 'conversation_status_changed'
  conversation: Conversation
  /** The fields that have changed, such as `status` or `meta.assignee`. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A conversation and its messages were deleted. */
export interface ConversationDeletedEvent {
  event: 'conversation_deleted'
  /** The number that it had in its account. */
  id: number
  conversation: {
    id: number
    inbox_id: number
  }
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A conversation and its messages were deleted. */
export interface ConversationDeletedWebhook {
  event: 'conversation_deleted'
  conversation: {
    id: number
    inbox_id: number
  }
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A view was created. */
export interface ViewCreatedEvent {
  event: 'view_created'
  /** The id of the view. */
  id: number
  view: View
  /** The fields of the view that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A view was created. */
export interface ViewCreatedWebhook {
  event: 'view_created'
  view: View
  /** The fields of the view that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A view was updated. */
export interface ViewUpdatedEvent {
  event: 'view_updated'
  /** The id of the view. */
  id: number
  view: View
  /** The fields of the view that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A view was updated. */
export interface ViewUpdatedWebhook {
  event: 'view_updated'
  view: View
  /** The fields of the view that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A view was deleted. */
export interface ViewDeletedEvent {
  event: 'view_deleted'
  /** The id of the view. */
  id: number
  view: View
  /** The fields of the view that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A view was deleted. */
export interface ViewDeletedWebhook {
  event: 'view_deleted'
  view: View
  /** The fields of the view that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A canned response was created. */
export interface CannedResponseCreatedEvent {
  event: 'canned_response_created'
  /** The id of the canned response. */
  id: number
  canned_response: CannedResponse
  /** The fields of the canned response that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A canned response was created. */
export interface CannedResponseCreatedWebhook {
  event: 'canned_response_created'
  canned_response: CannedResponse
  /** The fields of the canned response that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A canned response was updated. */
export interface CannedResponseUpdatedEvent {
  event: 'canned_response_updated'
  /** The id of the canned response. */
  id: number
  canned_response: CannedResponse
  /** The fields of the canned response that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A canned response was updated. */
export interface CannedResponseUpdatedWebhook {
  event: 'canned_response_updated'
  canned_response: CannedResponse
  /** The fields of the canned response that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A canned response was deleted. */
export interface CannedResponseDeletedEvent {
  event: 'canned_response_deleted'
  /** The id of the canned response. */
  id: number
  canned_response: CannedResponse
  /** The fields of the canned response that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A canned response was deleted. */
export interface CannedResponseDeletedWebhook {
  event: 'canned_response_deleted'
  canned_response: CannedResponse
  /** The fields of the canned response that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A message, a private note or an activity message was created. */
export interface MessageCreatedEvent {
  event: 'message_created'
  id: number
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  conversation_id: number
  inbox_id: number
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    inbox_id: number
  }
  contact: {
    id: number
    name: string
    email: string | null
  }
  /** The fields of the message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A message, a private note or an activity message was created. */
export interface MessageCreatedWebhook {
  event: 'message_created'
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** ISO 8601. */
  created_at: string
  /** ISO 8601. */
  updated_at: string
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    inbox_id: number
  }
  contact: {
    id: number
    name: string
    email: string | null
  }
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  /** The fields of the message that have changed. */
  changed?: string[]
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A message was edited, delivered, read or answered. */
export interface MessageUpdatedEvent {
  event: 'message_updated'
  id: number
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  conversation_id: number
  inbox_id: number
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    inbox_id: number
  }
  contact: {
    id: number
    name: string
    email: string | null
  }
  /** The fields of the message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A message was edited, delivered, read or answered. */
export interface MessageUpdatedWebhook {
  event: 'message_updated'
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** ISO 8601. */
  created_at: string
  /** ISO 8601. */
  updated_at: string
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    inbox_id: number
  }
  contact: {
    id: number
    name: string
    email: string | null
  }
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  /** The fields of the message that have changed. */
  changed?: string[]
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A message was deleted; its content is null. */
export interface MessageDeletedEvent {
  event: 'message_deleted'
  id: number
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  conversation_id: number
  inbox_id: number
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    inbox_id: number
  }
  contact: {
    id: number
    name: string
    email: string | null
  }
  /** The fields of the message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A message was deleted; its content is null. */
export interface MessageDeletedWebhook {
  event: 'message_deleted'
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** ISO 8601. */
  created_at: string
  /** ISO 8601. */
  updated_at: string
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    inbox_id: number
  }
  contact: {
    id: number
    name: string
    email: string | null
  }
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  /** The fields of the message that have changed. */
  changed?: string[]
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** The participants of a conversation were changed by a call. */
export interface ParticipantsChangedEvent {
  event: 'participants_changed'
  /** The number of the conversation in its account. */
  id: number
  conversation: {
    id: number
    inbox_id: number
  }
  /** All agents who follow it now. */
  participants: Array<{
    id: number
    name: string
  }>
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** The participants of a conversation were changed by a call. */
export interface ParticipantsChangedWebhook {
  event: 'participants_changed'
  conversation: {
    id: number
    inbox_id: number
  }
  /** All agents who follow it now. */
  participants: Array<{
    id: number
    name: string
  }>
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A scheduled message was created. */
export interface ScheduledMessageCreatedEvent {
  event: 'scheduled_message_created'
  /** The id of the scheduled message. */
  id: number
  scheduled_message: ScheduledMessageState
  /** The fields of the scheduled message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A scheduled message was created. */
export interface ScheduledMessageCreatedWebhook {
  event: 'scheduled_message_created'
  scheduled_message: ScheduledMessageState
  /** The fields of the scheduled message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A scheduled message was updated. */
export interface ScheduledMessageUpdatedEvent {
  event: 'scheduled_message_updated'
  /** The id of the scheduled message. */
  id: number
  scheduled_message: ScheduledMessageState
  /** The fields of the scheduled message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A scheduled message was updated. */
export interface ScheduledMessageUpdatedWebhook {
  event: 'scheduled_message_updated'
  scheduled_message: ScheduledMessageState
  /** The fields of the scheduled message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A scheduled message was deleted. */
export interface ScheduledMessageDeletedEvent {
  event: 'scheduled_message_deleted'
  /** The id of the scheduled message. */
  id: number
  scheduled_message: ScheduledMessageState
  /** The fields of the scheduled message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A scheduled message was deleted. */
export interface ScheduledMessageDeletedWebhook {
  event: 'scheduled_message_deleted'
  scheduled_message: ScheduledMessageState
  /** The fields of the scheduled message that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A proposal was created. */
export interface ProposalCreatedEvent {
  event: 'proposal_created'
  /** The id of the proposal. */
  id: number
  proposal: ProposalState
  /** The fields of the proposal that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A proposal was created. */
export interface ProposalCreatedWebhook {
  event: 'proposal_created'
  proposal: ProposalState
  /** The fields of the proposal that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A proposal was updated. */
export interface ProposalUpdatedEvent {
  event: 'proposal_updated'
  /** The id of the proposal. */
  id: number
  proposal: ProposalState
  /** The fields of the proposal that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A proposal was updated. */
export interface ProposalUpdatedWebhook {
  event: 'proposal_updated'
  proposal: ProposalState
  /** The fields of the proposal that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A macro was created. */
export interface MacroCreatedEvent {
  event: 'macro_created'
  /** The id of the macro. */
  id: number
  macro: Macro
  /** The fields of the macro that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A macro was created. */
export interface MacroCreatedWebhook {
  event: 'macro_created'
  macro: Macro
  /** The fields of the macro that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A macro was updated. */
export interface MacroUpdatedEvent {
  event: 'macro_updated'
  /** The id of the macro. */
  id: number
  macro: Macro
  /** The fields of the macro that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A macro was updated. */
export interface MacroUpdatedWebhook {
  event: 'macro_updated'
  macro: Macro
  /** The fields of the macro that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A macro was deleted. */
export interface MacroDeletedEvent {
  event: 'macro_deleted'
  /** The id of the macro. */
  id: number
  macro: Macro
  /** The fields of the macro that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A macro was deleted. */
export interface MacroDeletedWebhook {
  event: 'macro_deleted'
  macro: Macro
  /** The fields of the macro that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** A contact was erased, or merged into another contact. */
export interface ContactDeletedEvent {
  event: 'contact_deleted'
  /** The id of the contact. */
  id: number
  /** The contact that it was merged into; null if it was erased. */
  merged_into: number | null
  /** Its conversations, which were erased or moved to the other contact. */
  conversation_ids: number[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** A contact was erased, or merged into another contact. */
export interface ContactDeletedWebhook {
  event: 'contact_deleted'
  /** The contact that it was merged into; null if it was erased. */
  merged_into: number | null
  /** Its conversations, which were erased or moved to the other contact. */
  conversation_ids: number[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An agent bot was created. */
export interface AgentBotCreatedEvent {
  event: 'agent_bot_created'
  /** The id of the agent bot. */
  id: number
  agent_bot: AgentBot
  /** The fields of the agent bot that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An agent bot was created. */
export interface AgentBotCreatedWebhook {
  event: 'agent_bot_created'
  agent_bot: AgentBot
  /** The fields of the agent bot that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An agent bot was updated. */
export interface AgentBotUpdatedEvent {
  event: 'agent_bot_updated'
  /** The id of the agent bot. */
  id: number
  agent_bot: AgentBot
  /** The fields of the agent bot that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An agent bot was updated. */
export interface AgentBotUpdatedWebhook {
  event: 'agent_bot_updated'
  agent_bot: AgentBot
  /** The fields of the agent bot that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** An agent bot was deleted. */
export interface AgentBotDeletedEvent {
  event: 'agent_bot_deleted'
  /** The id of the agent bot. */
  id: number
  agent_bot: AgentBot
  /** The fields of the agent bot that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  actor: EventActor
  /** null if nothing led to it. */
  cause: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before: Record<string, unknown>
}

/** An agent bot was deleted. */
export interface AgentBotDeletedWebhook {
  event: 'agent_bot_deleted'
  agent_bot: AgentBot
  /** The fields of the agent bot that have changed. */
  changed: string[]
  account: {
    id: number
    name: string
  }
  /** The id of what the event is about. */
  id: string
  actor?: EventActor
  /** null if nothing led to it. */
  cause?: EventCause | null
  /** The previous values of the fields in `changed` that the event shows, by their names. */
  before?: Record<string, unknown>
}

/** Somebody began or stopped typing. Sent at most once. */
export interface TypingWebhook {
  event: 'typing'
  conversation_id: number
  inbox_id: number
  user?: {
    id: number
    name: string
  }
  bot?: {
    id: number
    name: string
  }
  contact?: {
    id: number
    name: string
  }
  /** Whether it is a private note. */
  is_private: boolean
  typing_status: 'on' | 'off'
  account: {
    id: number
    name: string
  }
}

/** A visitor opened the chat on a website. Sent at most once. */
export interface WidgetOpenedWebhook {
  event: 'widget_opened'
  inbox_id: number
  /** null until the visitor has written or was identified. */
  contact: Contact | null
  page_url: string | null
  page_title: string | null
  referrer_url: string | null
  language: string | null
  account: {
    id: number
    name: string
  }
}

export interface Profile {
  id: number
  name: string
  email: string
  avatar_url: string | null
  accounts: Array<{
    id: number
    name: string
    role: 'administrator' | 'agent'
  }>
  /** What the user has chosen; the most available one among all their accounts. */
  availability: 'online' | 'busy' | 'offline'
  ui_settings: {
    /** The language of the dashboard. null: the language of the browser. */
    locale: 'en' | 'ar' | 'de' | 'es' | 'fr' | 'pt-BR' | 'sw' | null
  }
}

export interface AccessToken {
  id: number
  /** The user as whom a program with this token acts. */
  user_id: number
  /** The accounts that the token can use: one, unless it was created before tokens belonged to an account. A list for administrators contains only their own account. */
  account_ids: number[]
  name: string
  /** Each scope includes the ones before it. */
  scopes: Array<'read' | 'write' | 'admin'>
  /** Unix seconds */
  expires_at: number | null
  /** Unix seconds, to the minute. */
  last_used_at: number | null
  /** Unix seconds */
  created_at: number
}

export interface Session {
  id: number
  /** The `User-Agent` of the browser. */
  user_agent: string | null
  /** Whether it is the session that makes this request. */
  current: boolean
  /** Unix seconds */
  created_at: number
  /** Unix seconds, to the minute. */
  last_used_at: number
  /** 30 days after its last use, and at most 90 days after it began. */
  expires_at: number
}

export interface Invitation {
  /** The name that the invited person was given. */
  name: string
  email: string
  account: {
    id: number
    name: string
  }
}

export interface NotificationSubscription {
  id: number
  subscription_type: 'browser_push'
  /** Whether it is the browser that makes this request. */
  current: boolean
  /** The session of the browser, among those of `GET /api/v1/profile/sessions`. */
  session_id: number
  /** The push service of the browser. */
  endpoint_host: string
  /** Whether the messages contain names and texts. The device may show them on its locked screen. */
  shows_text: boolean
  /** Unix seconds */
  created_at: number
}

export interface ClientInbox {
  name: string
  /** The type of its channel, such as `api` or `web_widget`. Servers can have other channels, too. */
  channel_type: string
  greeting_message: string | null
  /** Whether an `identifier` needs a proof. */
  identity_validation: boolean
  /** Whether a member of the inbox is online; if it has no members, whether an administrator is. */
  available: boolean
}

export interface ClientContact {
  /** The secret of the contact: a program that has it reads and writes as the contact. */
  source_id: string
  /** The same as `source_id`. */
  pubsub_token: string
  id: number
  name: string
  email: string | null
  phone_number: string | null
}

export interface ClientMessage {
  id: number
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  conversation_id: number
  /** Only on the contact’s own messages. */
  echo_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
}

export interface ClientConversation {
  id: number
  status: 'open' | 'resolved' | 'pending' | 'snoozed'
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  last_activity_at: number
  /** When agents last saw the conversation. */
  agent_last_seen_at: number | null
  /** When the contact last saw the conversation. */
  contact_last_seen_at: number | null
  /** Messages from agents since the contact last saw the conversation; counted up to 100. */
  unread_count: number
  /** The last message that the contact may see. */
  last_message: ClientMessage | null
}

export interface ClientMessagePage {
  /** Oldest first. */
  payload: ClientMessage[]
  meta: {
    /** Whether there are more messages in this direction. */
    has_more: boolean
  }
}

export interface ClientMessageEvent {
  event: 'message_created' | 'message_updated' | 'message_deleted'
  id: number
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  conversation_id: number
  /** Only on the contact’s own messages. */
  echo_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
}

export interface ClientConversationEvent {
  event: 'conversation_created' | 'conversation_updated' | 'conversation_status_changed'
  conversation: {
    id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    /** Unix seconds */
    created_at: number
    /** Unix seconds */
    last_activity_at: number
    /** When agents last saw the conversation. */
    agent_last_seen_at: number | null
    /** When the contact last saw the conversation. */
    contact_last_seen_at: number | null
  }
}

export interface ClientConversationGone {
  event: 'conversation_deleted'
  conversation: {
    id: number
  }
}

export interface Inbox {
  id: number
  name: string
  /** The type of its channel, such as `api` or `web_widget`. Servers can have other channels, too. */
  channel_type: string
  /** The settings of its channel, with null for each secret. Shown only to administrators whose token has the scope `admin`; null in events, and for channels whose settings are the next fields. */
  channel_settings: Record<string, unknown> | null
  /** Identifies the inbox in the client API and in the widget. */
  inbox_identifier: string
  /** Receives the events of the conversations of an API inbox, without private notes. Shown only to administrators whose token has the scope `admin`; null in events. */
  webhook_url: string | null
  /** The website that shows the widget. */
  website_url: string | null
  greeting_message: string | null
  /** The appearance of the widget and the websites that show it; null for other channels. */
  widget: {
    /** The colour of the button and of the visitor’s messages. */
    color: string
    /** The lower corner of the page in which the button is. */
    position: 'right' | 'left'
    /** Shown instead of the name of the inbox. */
    title: string | null
    /** The origins whose pages may show the widget, in addition to that of `website_url`. `file:` allows pages opened as files to show the widget, but their own scripts may not call the API. */
    allowed_origins: string[]
    /** Whether visitors see the names and pictures of the members of the inbox before one of them has answered. */
    show_agents: boolean
    /** Whether agents see the page, referrer, language and browser of a visitor. Setting it to false deletes what is stored. */
    record_visits: boolean
    /** Whether the widget asks visitors for their e-mail address after their first message. */
    ask_email: boolean
    /** Whether the widget asks for something before the first message. */
    pre_chat_form_enabled: boolean
    /** What is asked for. A change replaces all of it. */
    pre_chat_form_options: {
      /** Shown above the fields. */
      pre_chat_message: string | null
      pre_chat_fields: Array<{
        /** `name`, `email` and `phone_number` are those of the contact. Any other name is that of a custom attribute. */
        name: string
        label: string
        /** How it is asked for. A `select` needs `values`. */
        type: 'text' | 'email' | 'tel' | 'select' | 'checkbox'
        required: boolean
        placeholder?: string | null
        values?: string[]
      }>
    }
  } | null
  /** The HTML that adds the widget to a page; null for other channels, and in events. */
  embed_script: string | null
  /** Whether an `identifier` needs a proof: an `identity_token` or an `identifier_hash`. */
  hmac_mandatory: boolean
  /** The HMAC-SHA256 key of these proofs. Shown only to administrators whose token has the scope `admin`. */
  hmac_token: string | null
}

export interface Member {
  /** The id of the user. */
  id: number
  name: string
  email: string
  role: 'administrator' | 'agent'
  avatar_url: string | null
}

export interface Label {
  id: number
  /** Unique in the account. */
  title: string
  description: string | null
  color: string
  show_on_sidebar: boolean
  /** Unix seconds */
  created_at: number
}

export interface Team {
  id: number
  /** Unique in the account, ignoring case. */
  name: string
  description: string | null
  /** Whether conversations assigned to the team are assigned in turn to members who are online: not to those who are busy or offline. */
  allow_auto_assign: boolean
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface CustomAttributeDefinition {
  id: number
  /** What has the attribute. */
  attribute_model: 'contact_attribute' | 'conversation_attribute'
  /** The name in `custom_attributes`. */
  attribute_key: string
  /** What people call it. */
  attribute_display_name: string
  /** The values that the attribute can have: texts; numbers, of currency and percent, too; addresses of the web; days such as 2026-01-31; one of `attribute_values`; or true and false. */
  attribute_display_type: 'text' | 'number' | 'currency' | 'percent' | 'link' | 'date' | 'list' | 'checkbox'
  attribute_description: string | null
  /** Of a list: the values that it offers. */
  attribute_values: string[]
  /** Of a text: a regular expression that its value must match. It must not contain look-ahead or references to groups. */
  regex_pattern: string | null
  /** What is said about a value that does not match `regex_pattern`. */
  regex_cue: string | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface Company {
  id: number
  /** Unique in the account, ignoring case. */
  name: string
  /** A new contact whose e-mail address is at this domain belongs to the company. Unique in the account. */
  domain: string | null
  description: string | null
  /** The number of contacts that belong to the company. */
  contacts_count: number
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface ContactInbox {
  /** The contact’s name at this inbox if a program has chosen one. A secret generated by the server is returned only by the request that created it; otherwise this is null. */
  source_id: string | null
  inbox: {
    id: number
    name: string
  }
}

export interface Contact {
  id: number
  name: string
  email: string | null
  /** E.164 */
  phone_number: string | null
  /** The contact’s id in your own system. */
  identifier: string | null
  blocked: boolean
  thumbnail: string | null
  /** Unix seconds */
  last_activity_at: number | null
  /** Unix seconds */
  created_at: number
  custom_attributes: Record<string, unknown>
  /** What other systems know about the contact. */
  additional_attributes: Record<string, unknown>
  /** Titles. */
  labels: string[]
  company_id: number | null
  company: {
    id: number
    name: string
  } | null
  contact_inboxes?: ContactInbox[]
}

export interface ContactPage {
  payload: Contact[]
  meta: {
    /** The number of contacts on all pages. */
    count: number
    current_page: number
    total_pages: number
    /** Of a list that was asked with `cursor`: the next one; null on the last page. */
    next?: string | null
    /** For a search: true if there can be more, older contacts. The pages have only the newest. */
    count_capped?: boolean
  }
}

export interface ContactNote {
  id: number
  contact_id: number
  content: string
  /** The author of the note. */
  user: {
    id: number
    name: string
  }
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface Visit {
  inbox_id: number
  /** The page, without query and fragment. */
  page_url: string | null
  page_title: string | null
  /** The page of another website from which they came, without query. */
  referrer_url: string | null
  /** The first language of the browser, such as `de-AT`. */
  language: string | null
  /** The `User-Agent` of the browser. */
  user_agent: string | null
  /** Unix seconds */
  seen_at: number
}

export interface Conversation {
  /** The number of the conversation in its account. */
  id: number
  inbox_id: number
  /** Of a conversation by e-mail; null for all others. */
  subject: string | null
  status: 'open' | 'resolved' | 'pending' | 'snoozed'
  priority: 'urgent' | 'high' | 'medium' | 'low' | null
  /** Incoming messages that no agent has seen yet. */
  unread_count: number
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  /** Unix seconds */
  last_activity_at: number
  /** Unix seconds */
  snoozed_until: number | null
  labels: string[]
  custom_attributes: Record<string, unknown>
  /** What other systems know about the conversation. */
  additional_attributes: Record<string, unknown>
  contact: {
    id: number
    name: string
    email: string | null
    phone_number: string | null
    thumbnail: string | null
  }
  meta: {
    assignee: {
      id: number
      name: string
    } | null
    team: {
      id: number
      name: string
    } | null
    /** The bot that the conversation is assigned to, instead of a user. */
    bot: {
      id: number
      name: string
    } | null
  }
  /** The last message, in the shape of Message; private notes and activity messages do not count. */
  last_message: Record<string, unknown> | null
  /** Unix seconds */
  agent_last_seen_at: number | null
  /** Unix seconds */
  contact_last_seen_at: number | null
  /** The conversation that it was merged into, which has its messages now; null for all others. */
  merged_into_id: number | null
  /** In a list with `q`: the newest message that contains the words; null if only the contact does. */
  found_message?: {
    id: number
    content: string
  } | null
}

export interface View {
  id: number
  name: string
  /** `account`: every agent can use it. `mine`: only its author can. */
  visibility: 'account' | 'mine'
  /** Its author. */
  author_id: number
  /** Which conversations it shows, as the `payload` of a filter of conversations. The value `me` of `assignee_id` is whoever asks. */
  filter: Array<{
    /** A field. Any other name is that of a custom attribute; in filters of conversations, `contact.` in front of it means that of the contact. */
    attribute_key: string
    filter_operator: 'equal_to' | 'not_equal_to' | 'contains' | 'does_not_contain' | 'starts_with' | 'is_present' | 'is_not_present' | 'is_greater_than' | 'is_less_than' | 'days_before'
    /** One of them must match; with a negative operator none of them may. */
    values: Array<string | number | boolean>
    /** Joins this selector to the next one. AND binds before OR. */
    query_operator?: 'AND' | 'OR' | null
  }>
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface CannedResponse {
  id: number
  short_code: string
  /** With variables as they were written. */
  content: string
  /** `account`: every agent can use it. `mine`: only its author can. */
  visibility: 'account' | 'mine'
  /** Its author. */
  author_id: number
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface Signature {
  /** Empty if you have none in this inbox. */
  content: string
  /** Whether the dashboard adds it to replies by itself. */
  append_by_default: boolean
}

export interface Draft {
  /** Empty if there is no draft. */
  content: string
  /** Whether it is to be a private note. */
  private: boolean
  /** Another number after each change; 0 if there is no draft. */
  version: number
  /** Unix seconds */
  updated_at: number | null
}

export interface DraftConflict {
  /** One sentence with the field and the rule. */
  error: string
  /** What a program can rely on: sentences may change, the meaning of a code does not. */
  code: 'malformed' | 'unauthenticated' | 'wrong_credentials' | 'forbidden' | 'administrator_required' | 'contact_blocked' | 'identity_not_proven' | 'link_expired' | 'missing_scope' | 'origin_not_allowed' | 'not_found' | 'route_not_found' | 'unknown_source_id' | 'request_timeout' | 'conflict' | 'already_answered' | 'assignee_changed' | 'inbox_has_conversations' | 'last_administrator' | 'limit_reached' | 'stale' | 'too_large' | 'unsupported_media_type' | 'range_not_satisfiable' | 'invalid' | 'idempotency_key_reused' | 'too_many_requests' | 'headers_too_large' | 'internal_error' | 'unavailable'
  /** With 422: each invalid field and its rule. */
  errors?: Array<{
    field: string
    message: string
    code: 'required' | 'empty' | 'wrong_type' | 'wrong_format' | 'too_short' | 'too_long' | 'too_many_items' | 'too_small' | 'too_large' | 'not_allowed_value' | 'not_allowed' | 'not_found' | 'taken' | 'duplicate' | 'in_the_past' | 'expired' | 'wrong_password' | 'weak_password'
    /** With a code about a size: the number of characters or items, or the smallest or largest number. */
    limit?: number
  }>
  draft: Draft
}

export interface Message {
  id: number
  /** null if the message was deleted. */
  content: string | null
  content_type: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
  content_attributes: Record<string, unknown>
  message_type: 'incoming' | 'outgoing' | 'activity'
  status: 'sent' | 'delivered' | 'read' | 'failed'
  /** Whether it is a private note, which only agents see. */
  private: boolean
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  conversation_id: number
  inbox_id: number
  echo_id: string | null
  source_id: string | null
  sender: {
    id: number
    name: string
    type: 'Contact' | 'User' | 'AgentBot'
    avatar_url: string | null
  } | null
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
}

export interface MessagePage {
  /** Oldest first. */
  payload: Message[]
  meta: {
    /** The cursor of the previous, older page; null if there is none. */
    before_id: number | null
    /** The cursor of the next, newer page; null if there is none. */
    after_id: number | null
  }
}

export interface ScheduledMessage {
  id: number
  conversation_id: number
  /** The user in whose name it is sent. */
  author_id: number
  private: boolean
  /** Unix seconds */
  send_at: number
  cancel_if_contact_replies: boolean
  /** `cancelled`: the contact has replied. One that was sent is no longer in the list. */
  status: 'pending' | 'cancelled' | 'failed'
  /** Why it has failed. */
  reason: string | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  content: string
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  content_attributes: Record<string, unknown>
  /** Whether the signature of its author follows. */
  append_signature: boolean
}

export interface ScheduledMessageState {
  id: number
  conversation_id: number
  /** The user in whose name it is sent. */
  author_id: number
  private: boolean
  /** Unix seconds */
  send_at: number
  cancel_if_contact_replies: boolean
  /** `cancelled`: the contact has replied. One that was sent is no longer in the list. */
  status: 'pending' | 'cancelled' | 'failed'
  /** Why it has failed. */
  reason: string | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface Proposal {
  id: number
  conversation_id: number
  /** The author. */
  actor: {
    type: 'user' | 'contact' | 'bot' | 'system' | 'rule'
    id: number | null
  }
  /** `pending`: it waits for a decision. `stale`: the contact has written since, so it can no longer be sent. */
  status: 'pending' | 'sent' | 'refused' | 'stale' | 'expired'
  /** Why it was refused. */
  reason: string | null
  /** The user who sent or refused it. */
  decided_by: number | null
  /** The message that it has become. */
  message_id: number | null
  /** Unix seconds */
  expires_at: number | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  /** Empty once it was sent: the message has it. */
  content: string
  attachments: Array<{
    id: number
    /** Determined from its bytes, not its name. */
    file_type: 'image' | 'audio' | 'video' | 'file'
    file_name: string
    /** In bytes. */
    file_size: number
    /** A link to the file that works without a token for a week. */
    data_url: string
    /** Such a link to a small WebP, for images. */
    thumb_url: string | null
    /** In pixels, for images. */
    width: number | null
    /** In pixels, for images. */
    height: number | null
    /** By which the HTML of a mail refers to it: `cid:…`. */
    content_id: string | null
  }>
  /** What happens when it is sent. */
  actions: Array<{
    action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
    action_params: Array<string | number | boolean | null>
  }>
  sources: Array<{
    title: string
    url?: string
  }>
}

export interface ProposalState {
  id: number
  conversation_id: number
  /** The author. */
  actor: {
    type: 'user' | 'contact' | 'bot' | 'system' | 'rule'
    id: number | null
  }
  /** `pending`: it waits for a decision. `stale`: the contact has written since, so it can no longer be sent. */
  status: 'pending' | 'sent' | 'refused' | 'stale' | 'expired'
  /** Why it was refused. */
  reason: string | null
  /** The user who sent or refused it. */
  decided_by: number | null
  /** The message that it has become. */
  message_id: number | null
  /** Unix seconds */
  expires_at: number | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface Macro {
  id: number
  name: string
  /** `account`: every agent can use it. `mine`: only its author can. */
  visibility: 'account' | 'mine'
  /** Its author. */
  author_id: number
  actions: Array<{
    action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
    action_params: Array<string | number | boolean | null>
  }>
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface MacroRun {
  id: number
  macro_id: number
  conversation_id: number
  run_by: number
  /** The fields that change, with their values before. */
  before: Record<string, unknown>
  /** The same fields with their values after. */
  after: Record<string, unknown>
  /** The messages that it has sent. */
  message_ids: number[]
  /** Unix seconds */
  undoable_until: number
  /** Unix seconds */
  undone_at: number | null
}

export interface BulkAction {
  id: number
  /** The user in whose name it runs. */
  author_id: number
  /** The view whose conversations it changes. */
  view_id: number | null
  actions: Array<{
    action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
    action_params: Array<string | number | boolean | null>
  }>
  /** `collecting`: the conversations of the view are being listed; none is changed yet. */
  status: 'collecting' | 'running' | 'done' | 'stopped' | 'undoing' | 'undone'
  /** The number of its conversations; it grows while it is collecting. */
  total: number
  /** True if the view has more than 10000 conversations. */
  capped: boolean
  done_count: number
  failed_count: number
  undone_count: number
  /** Conversations that were not undone, because something has changed in them since. */
  kept_count: number
  /** The first conversations in which it has failed. */
  failures: Array<{
    conversation_id: number
    error: string
  }>
  /** Null while it is running, and once it was undone. */
  undoable_until: number | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface Notification {
  id: number
  /** `conversation_creation`: nobody is assigned to a new conversation. `import_finished`: an import of contacts that you have begun has ended. The others are about a conversation that was assigned to you, a message in one that is assigned to you or that you follow, and a note that mentions you or your team. */
  notification_type: 'conversation_creation' | 'conversation_assignment' | 'assigned_conversation_new_message' | 'conversation_mention' | 'participating_conversation_new_message' | 'import_finished'
  primary_actor_type: 'Conversation' | 'ContactImport'
  /** The conversation or the import. */
  primary_actor_id: number
  /** The conversation; null if it is about an import. */
  primary_actor: {
    id: number
    inbox_id: number
    status: 'open' | 'resolved' | 'pending' | 'snoozed'
    contact: {
      id: number
      name: string
      thumbnail: string | null
    }
  } | null
  /** The import as it ended; null if it is about a conversation. */
  contact_import: {
    id: number
    file_name: string
    /** Whether it has only checked the contacts. */
    dry_run: boolean
    status: 'done' | 'stopped' | 'failed'
    stored_count: number
    known_count: number
    refused_count: number
  } | null
  /** Who acted last; null for bots and the system. */
  secondary_actor: {
    id: number
    name: string
    type: 'User' | 'Contact'
  } | null
  /** The last message that it is about. */
  message_id: number | null
  /** The beginning of this message, without Markdown. */
  content: string | null
  /** How often this has happened since you last read it. */
  count: number
  /** Unix seconds */
  read_at: number | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  last_activity_at: number
}

export interface NotificationSettings {
  kinds: {
    conversation_creation: {
      /** In the list of notifications. */
      app: boolean
      /** In a mail, if you have not seen it some minutes later. */
      email: boolean
      /** On your devices. */
      push: boolean
    }
    conversation_assignment: {
      /** In the list of notifications. */
      app: boolean
      /** In a mail, if you have not seen it some minutes later. */
      email: boolean
      /** On your devices. */
      push: boolean
    }
    assigned_conversation_new_message: {
      /** In the list of notifications. */
      app: boolean
      /** In a mail, if you have not seen it some minutes later. */
      email: boolean
      /** On your devices. */
      push: boolean
    }
    conversation_mention: {
      /** In the list of notifications. */
      app: boolean
      /** In a mail, if you have not seen it some minutes later. */
      email: boolean
      /** On your devices. */
      push: boolean
    }
    participating_conversation_new_message: {
      /** In the list of notifications. */
      app: boolean
      /** In a mail, if you have not seen it some minutes later. */
      email: boolean
      /** On your devices. */
      push: boolean
    }
    import_finished: {
      /** In the list of notifications. */
      app: boolean
      /** In a mail, if you have not seen it some minutes later. */
      email: boolean
      /** On your devices. */
      push: boolean
    }
  }
  /** Every day between these times, no mails and pushes are sent. What is unread comes after them. */
  quiet_hours: {
    from: string
    to: string
    /** Such as `Europe/Berlin`. */
    time_zone: string
  } | null
  /** What the server can send. E-mail needs a mail server. */
  available_channels: Array<'app' | 'email' | 'push'>
}

export interface ConversationMove {
  id: number
  kind: 'merge' | 'split'
  /** The conversation that has had the messages. */
  from_conversation_id: number
  /** The conversation that has them now. */
  to_conversation_id: number
  status: 'moving' | 'done' | 'undoing'
  message_count: number
  /** null if it was no user. */
  moved_by: {
    id: number
    name: string
  } | null
  /** Unix seconds */
  undoable_until: number | null
  /** Unix seconds */
  created_at: number
}

export interface ContactExport {
  contact: Contact
  visits: Visit[]
  conversations: Array<{
    conversation: Conversation
    /** Oldest first, without private notes. */
    messages: Message[]
  }>
}

export interface Agent {
  id: number
  name: string
  email: string
  role: 'administrator' | 'agent'
  /** What the user has chosen. `GET /presence` has their status. */
  availability: 'online' | 'busy' | 'offline'
  /** Whether the user has accepted their invitation. */
  confirmed: boolean
  avatar_url: string | null
}

export interface InvitedAgent {
  id: number
  name: string
  email: string
  role: 'administrator' | 'agent'
  /** What the user has chosen. `GET /presence` has their status. */
  availability: 'online' | 'busy' | 'offline'
  /** Whether the user has accepted their invitation. */
  confirmed: boolean
  avatar_url: string | null
  /** The link to accept the invitation, once and within 7 days: pass it on to the agent. If a member of another account already signs in with the address, their current password is required, too. null if a mail server is configured: then the link was mailed to the agent. */
  invite_url: string | null
}

export interface Webhook {
  id: number
  url: string
  name: string | null
  subscriptions: string[]
  /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
  format: 'ndoto' | 'chatwoot'
  active: boolean
  /** Why the server has switched it off. */
  disabled_reason: string | null
  /** The API inbox whose `webhook_url` this is. */
  inbox_id: number | null
  /** Unix seconds */
  created_at: number
}

export interface WebhookWithSecret {
  id: number
  url: string
  name: string | null
  subscriptions: string[]
  /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
  format: 'ndoto' | 'chatwoot'
  active: boolean
  /** Why the server has switched it off. */
  disabled_reason: string | null
  /** The API inbox whose `webhook_url` this is. */
  inbox_id: number | null
  /** Unix seconds */
  created_at: number
  /** For verifying signatures. Shown only in this response. */
  secret: string
}

export interface WebhookDelivery {
  id: number
  webhook_id: number
  event: string
  conversation_id: number | null
  state: 'pending' | 'running' | 'succeeded' | 'failed'
  /** Oldest first. */
  attempts: Array<{
    number: number
    /** Unix seconds */
    at: number
    duration_ms: number
    /** The status of the response. */
    code: number | null
    /** Why it failed, in one word; docs/webhooks.md lists the words. */
    error: string | null
    /** The first kilobyte of the response. */
    answer: string
  }>
  /** Unix seconds; null if it is running, finished, or waits for an earlier one of its conversation. */
  next_attempt_at: number | null
  /** Unix seconds */
  created_at: number
}

export interface AgentBot {
  id: number
  name: string
  description: string | null
  /** Where its events are sent. Shown only to administrators; null in events. */
  outgoing_url: string | null
  /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
  format: 'ndoto' | 'chatwoot'
  /** The inboxes in which it answers. Agents get those that they see. */
  inbox_ids: number[]
  /** Whether its events are sent. */
  active: boolean
  /** Why the server has switched it off. Shown only to administrators. */
  disabled_reason: string | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

export interface AgentBotWithSecrets {
  id: number
  name: string
  description: string | null
  /** Where its events are sent. Shown only to administrators; null in events. */
  outgoing_url: string | null
  /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
  format: 'ndoto' | 'chatwoot'
  /** The inboxes in which it answers. Agents get those that they see. */
  inbox_ids: number[]
  /** Whether its events are sent. */
  active: boolean
  /** Why the server has switched it off. Shown only to administrators. */
  disabled_reason: string | null
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
  /** For requests of the bot. Shown only in this response. */
  access_token: string
  /** For verifying signatures. Shown only in this response. */
  secret: string
}

export interface Mailbox {
  /** `waiting` before the first connection, and if the inbox has no `imap`. */
  state: 'waiting' | 'connected' | 'failing'
  /** Why it is failing: a sentence for administrators. */
  error: string | null
  /** Unix seconds */
  failing_since: number | null
  /** When it was read last. */
  connected_at: number | null
  /** When the newest mail was stored. */
  received_at: number | null
  /** Seconds from the arrival of that mail until it was stored. */
  lag: number | null
  /** The TXT record that publishes the key of `smtp.dkim`; null without one. */
  dkim_record: {
    name: string
    value: string
  } | null
}

export interface ContactImport {
  id: number
  /** The administrator who has begun it. */
  author_id: number
  file_name: string
  /** Whether it only checks the contacts. */
  dry_run: boolean
  status: 'running' | 'done' | 'stopped' | 'failed'
  /** Why it has failed. */
  error: string | null
  /** How much of the file has been read. */
  read_bytes: number
  /** The size of the file. */
  total_bytes: number
  /** How many contacts were stored, or would be. */
  stored_count: number
  /** How many exist already, and do not change. */
  known_count: number
  /** How many lines were left out. */
  refused_count: number
  /** The first lines that were left out. */
  refused: Array<{
    line: number
    error: string
  }>
  /** Unix seconds */
  created_at: number
  /** Unix seconds */
  updated_at: number
}

/** An event of an account, as its stream and its log have it. */
export type AccountEvent =
  | AgentCreatedEvent
  | AgentUpdatedEvent
  | AgentDeletedEvent
  | InboxCreatedEvent
  | InboxUpdatedEvent
  | InboxDeletedEvent
  | LabelCreatedEvent
  | LabelUpdatedEvent
  | LabelDeletedEvent
  | TeamCreatedEvent
  | TeamUpdatedEvent
  | TeamDeletedEvent
  | CustomAttributeDefinitionCreatedEvent
  | CustomAttributeDefinitionUpdatedEvent
  | CustomAttributeDefinitionDeletedEvent
  | CompanyCreatedEvent
  | CompanyUpdatedEvent
  | CompanyDeletedEvent
  | ContactCreatedEvent
  | ContactUpdatedEvent
  | ContactNoteCreatedEvent
  | ContactNoteUpdatedEvent
  | ContactNoteDeletedEvent
  | ConversationCreatedEvent
  | ConversationUpdatedEvent
  | ConversationStatusChangedEvent
  | ConversationDeletedEvent
  | ViewCreatedEvent
  | ViewUpdatedEvent
  | ViewDeletedEvent
  | CannedResponseCreatedEvent
  | CannedResponseUpdatedEvent
  | CannedResponseDeletedEvent
  | MessageCreatedEvent
  | MessageUpdatedEvent
  | MessageDeletedEvent
  | ParticipantsChangedEvent
  | ScheduledMessageCreatedEvent
  | ScheduledMessageUpdatedEvent
  | ScheduledMessageDeletedEvent
  | ProposalCreatedEvent
  | ProposalUpdatedEvent
  | MacroCreatedEvent
  | MacroUpdatedEvent
  | MacroDeletedEvent
  | ContactDeletedEvent
  | AgentBotCreatedEvent
  | AgentBotUpdatedEvent
  | AgentBotDeletedEvent
  | {
  event: 'reset'
}

/** An event as a contact gets it. */
export type CustomerEvent =ClientMessageEvent | ClientConversationEvent | ClientConversationGone | {
  event: 'reset'
}

/** The body of a request to a webhook. */
export type WebhookEvent =
  | AgentCreatedWebhook
  | AgentUpdatedWebhook
  | AgentDeletedWebhook
  | InboxCreatedWebhook
  | InboxUpdatedWebhook
  | InboxDeletedWebhook
  | LabelCreatedWebhook
  | LabelUpdatedWebhook
  | LabelDeletedWebhook
  | TeamCreatedWebhook
  | TeamUpdatedWebhook
  | TeamDeletedWebhook
  | CustomAttributeDefinitionCreatedWebhook
  | CustomAttributeDefinitionUpdatedWebhook
  | CustomAttributeDefinitionDeletedWebhook
  | CompanyCreatedWebhook
  | CompanyUpdatedWebhook
  | CompanyDeletedWebhook
  | ContactCreatedWebhook
  | ContactUpdatedWebhook
  | ContactNoteCreatedWebhook
  | ContactNoteUpdatedWebhook
  | ContactNoteDeletedWebhook
  | ConversationCreatedWebhook
  | ConversationUpdatedWebhook
  | ConversationStatusChangedWebhook
  | ConversationDeletedWebhook
  | ViewCreatedWebhook
  | ViewUpdatedWebhook
  | ViewDeletedWebhook
  | CannedResponseCreatedWebhook
  | CannedResponseUpdatedWebhook
  | CannedResponseDeletedWebhook
  | MessageCreatedWebhook
  | MessageUpdatedWebhook
  | MessageDeletedWebhook
  | ParticipantsChangedWebhook
  | ScheduledMessageCreatedWebhook
  | ScheduledMessageUpdatedWebhook
  | ScheduledMessageDeletedWebhook
  | ProposalCreatedWebhook
  | ProposalUpdatedWebhook
  | MacroCreatedWebhook
  | MacroUpdatedWebhook
  | MacroDeletedWebhook
  | ContactDeletedWebhook
  | AgentBotCreatedWebhook
  | AgentBotUpdatedWebhook
  | AgentBotDeletedWebhook
  | TypingWebhook
  | WidgetOpenedWebhook

/** The calls below `/public/api/v1/inboxes/{inbox_identifier}/contacts/{source_id}`. */
export interface ContactCalls {
  /** Get your contact. */
  'GET ': (options?: CallOptions) => Promise<ClientContact>
  /** Change your contact. */
  'PATCH ': (body: {
    name?: string | null
    email?: string | null
    phone_number?: string | null
    custom_attributes?: Record<string, unknown>
  }, options?: CallOptions) => Promise<ClientContact>
  /** List your conversations. The latest 100 of the contact in this inbox. */
  'GET /conversations': (options?: CallOptions) => Promise<{
    payload: ClientConversation[]
  }>
  /** Start a conversation. Without a body, or with its first message: as JSON, or as a form, which can contain files; `message` is then a field with JSON. */
  'POST /conversations': (body?: {
    /** The first message. It is sent with the conversation: both or neither. */
    message?: {
      content: string
      /** Returned in the response and in events. */
      echo_id?: string | null
    }
  } | {
    /** The first message. It is sent with the conversation: both or neither. */
    message?: {
      /** May be empty if there are files. */
      content: string
      /** Returned in the response and in events. */
      echo_id?: string | null
    }
    /** The files. */
    attachments: Blob[]
  }, options?: SendOptions) => Promise<ClientConversation>
  /** List messages. The latest messages, or those next to a cursor, without deleted ones. */
  'GET /conversations/{conversation_id}/messages': (conversation_id: number, query?: {
    limit?: number
    /** Only messages older than this one, the latest of them. */
    before_id?: number
    /** Only messages newer than this one, the oldest of them. */
    after_id?: number
  }, options?: CallOptions) => Promise<ClientMessagePage>
  /** Send a message. As JSON, or as a form, which can contain files. */
  'POST /conversations/{conversation_id}/messages': (conversation_id: number, body: {
    content: string
    /** Returned in the response and in events. */
    echo_id?: string | null
  } | {
    /** May be empty if there are files. */
    content?: string
    /** Returned in the response and in events. */
    echo_id?: string | null
    /** The files. */
    attachments: Blob[]
  }, options?: SendOptions) => Promise<ClientMessage>
  /** Answer an interactive message. Only once: 409 if it has already been answered. */
  'PATCH /conversations/{conversation_id}/messages/{message_id}': (conversation_id: number, message_id: number, body: {
    /** `[{ value }]` for an `input_select`, `[{ name, value }]` for a `form`. */
    submitted_values?: Array<{
      title?: string
      name?: string
      value: string | boolean
    }>
    submitted_email?: string
  }, options?: CallOptions) => Promise<ClientMessage>
  /** Stream the events of your conversations. A stream of Server-Sent Events, or with `Accept: application/json` a page of events, as described in docs/realtime.md. `typing` and `inbox_availability` have no id. */
  'GET /events': (query?: {
    /** Only events after this position. Without it, only events from now on. */
    after?: number
    /** Only events of this conversation. */
    conversation_id?: number
    /** Only events with these names, separated by commas: `message_created,typing`. */
    events?: string
    /** The maximum number of events in a JSON page. */
    limit?: number
  }, options?: CallOptions) => Promise<{
    /** Oldest first. */
    payload: Array<ClientMessageEvent | ClientConversationEvent | ClientConversationGone | {
      event: 'reset'
    }>
    meta: {
      /** The position to continue from. It can increase even if the page is empty. */
      after: number
    }
  }>
  /** Mark a conversation as read. The status of messages from agents becomes `read`. */
  'POST /conversations/{conversation_id}/update_last_seen': (conversation_id: number, options?: CallOptions) => Promise<ClientConversation>
  /** Show that you are typing. Agents get an `event: typing` with a `contact`. It is not stored. */
  'POST /conversations/{conversation_id}/toggle_typing': (conversation_id: number, body: {
    typing_status: 'on' | 'off'
  }, options?: CallOptions) => Promise<void>
  /** Report the page that you are on. Agents see the latest one, with the language and the `User-Agent` from the headers of this request. The network address is not stored. Nothing is stored if the inbox does not record visits. */
  'POST /visits': (body?: {
    /** The address of the page. Only the part before `?` and `#` is stored. */
    page_url?: string | null
    page_title?: string | null
    /** The page of another website from which they came. Left out or null, the previous one is kept. */
    referrer_url?: string | null
  }, options?: CallOptions) => Promise<void>
  /** Report that you have opened the chat. Webhooks that subscribe to `widget_opened` get it, at most once. Nothing is stored. They get the page only if the inbox records visits. */
  'POST /openings': (body?: {
    /** The address of the page. Webhooks get only the part before `?` and `#`. */
    page_url?: string | null
    page_title?: string | null
    /** The page of another website from which they came. Webhooks get only the part before `?` and `#`. */
    referrer_url?: string | null
  }, options?: CallOptions) => Promise<void>
  /** Set and remove labels of your conversation. Only those that the team lets contacts of this inbox set. */
  'POST /conversations/{conversation_id}/labels': (conversation_id: number, body?: {
    /** Titles of labels to set. */
    add?: string[]
    /** Titles of labels to remove. */
    remove?: string[]
  }, options?: CallOptions) => Promise<void>
  /** Add custom attributes to your conversation. Existing ones do not change. */
  'POST /conversations/{conversation_id}/custom_attributes': (conversation_id: number, body: {
    custom_attributes: Record<string, unknown>
  }, options?: CallOptions) => Promise<void>
}

export const contactInputs: Inputs = {
  'PATCH ': 'body',
  'POST /conversations': 'body and key',
  'GET /conversations/{conversation_id}/messages': 'query',
  'POST /conversations/{conversation_id}/messages': 'body and key',
  'PATCH /conversations/{conversation_id}/messages/{message_id}': 'body',
  'GET /events': 'query',
  'POST /conversations/{conversation_id}/toggle_typing': 'body',
  'POST /visits': 'body',
  'POST /openings': 'body',
  'POST /conversations/{conversation_id}/labels': 'body',
  'POST /conversations/{conversation_id}/custom_attributes': 'body',
}

/** The calls below `/public/api/v1/inboxes/{inbox_identifier}`. */
export interface InboxCalls {
  /** Get an inbox as a page shows it. */
  'GET ': (options?: CallOptions) => Promise<ClientInbox>
  /** Create or find a contact. Creates a contact. With an `identity_token`, or an `identifier` and its `identifier_hash`, finds the contact with this identifier if there is one. The response has the secret `source_id` that all other requests need. It is never shown again. */
  'POST /contacts': (body?: {
    name?: string | null
    email?: string | null
    phone_number?: string | null
    custom_attributes?: Record<string, unknown>
    identifier?: string | null
    /** The HMAC-SHA256 of `identifier` in hex, with the `hmac_token` of the inbox as the key. */
    identifier_hash?: string | null
    /** A JWT that proves the identifier: signed with HS512 and the `hmac_token` of the inbox, with the identifier in `sub` and an `exp` at most 24 hours ahead. */
    identity_token?: string | null
    /** The secret of the anonymous contact that this person has been so far. With a proof, it is merged into the person’s contact, and its secrets are revoked. */
    source_id?: string | null
  }, options?: CallOptions) => Promise<ClientContact>
  /** Report that a visitor without a contact opened the chat. Webhooks that subscribe to `widget_opened` get it, at most once. Nothing is stored. They get the page only if the inbox records visits. */
  'POST /openings': (body?: {
    /** The address of the page. Webhooks get only the part before `?` and `#`. */
    page_url?: string | null
    page_title?: string | null
    /** The page of another website from which they came. Webhooks get only the part before `?` and `#`. */
    referrer_url?: string | null
  }, options?: CallOptions) => Promise<void>
}

export const inboxInputs: Inputs = {
  'POST /contacts': 'body',
  'POST /openings': 'body',
}

/** The calls below `/api/v1/accounts/{account_id}`. */
export interface AccountCalls {
  /** List inboxes. The inboxes that the token’s user sees: all of them for an administrator, otherwise those that the user is a member of. */
  'GET /inboxes': (options?: CallOptions) => Promise<{
    payload: Inbox[]
  }>
  /** Create an inbox. Only for administrators. A token needs the scope `admin`. */
  'POST /inboxes': (body: {
    name: string
    greeting_message?: string | null
    channel: {
      type: 'api' | 'web_widget' | 'email'
      /** Only for channels that are open to the client API. */
      hmac_mandatory?: boolean
    }
  }, options?: CallOptions) => Promise<Inbox>
  /** Get an inbox. */
  'GET /inboxes/{inbox_id}': (inbox_id: number, options?: CallOptions) => Promise<Inbox>
  /** Change an inbox. Only for administrators. A token needs the scope `admin`. */
  'PATCH /inboxes/{inbox_id}': (inbox_id: number, body: {
    name?: string
    greeting_message?: string | null
    channel?: {
      /** Only for channels that are open to the client API. */
      hmac_mandatory?: boolean
    } & ({
      webhook_url?: string | null
    } | {
      website_url?: string | null
      /** Fields that are left out do not change. */
      widget?: {
        /** The colour of the button and of the visitor’s messages. */
        color?: string
        /** The lower corner of the page in which the button is. */
        position?: 'right' | 'left'
        /** Shown instead of the name of the inbox. */
        title?: string | null
        /** The origins whose pages may show the widget, in addition to that of `website_url`. `file:` allows pages opened as files to show the widget, but their own scripts may not call the API. */
        allowed_origins?: string[]
        /** Whether visitors see the names and pictures of the members of the inbox before one of them has answered. */
        show_agents?: boolean
        /** Whether agents see the page, referrer, language and browser of a visitor. Setting it to false deletes what is stored. */
        record_visits?: boolean
        /** Whether the widget asks visitors for their e-mail address after their first message. */
        ask_email?: boolean
        /** Whether the widget asks for something before the first message. */
        pre_chat_form_enabled?: boolean
        /** What is asked for. A change replaces all of it. */
        pre_chat_form_options?: {
          /** Shown above the fields. */
          pre_chat_message: string | null
          pre_chat_fields: Array<{
            /** `name`, `email` and `phone_number` are those of the contact. Any other name is that of a custom attribute. */
            name: string
            label: string
            /** How it is asked for. A `select` needs `values`. */
            type: 'text' | 'email' | 'tel' | 'select' | 'checkbox'
            required: boolean
            placeholder?: string | null
            values?: string[]
          }>
        }
      }
    } | {
      /** The address of the inbox. */
      email?: string
      /** The name of the sender; that of the inbox by default. */
      name?: string | null
      imap?: {
        host: string
        port: number
        user: string
        /** Not needed with `oauth`. */
        password?: string
        /** `none` is only for servers on this machine or in a private network. */
        tls: 'implicit' | 'starttls' | 'none'
        /** The folder of sent mails. Without it, the one that the server marks as such. */
        sent_folder?: string
      } | null
      smtp?: {
        host: string
        port: number
        user?: string
        /** Not needed with `oauth`. */
        password?: string
        /** `none` is only for servers on this machine or in a private network. */
        tls: 'implicit' | 'starttls' | 'none'
        dkim?: {
          domain: string
          selector: string
          /** In the PEM format. */
          private_key: string
        } | null
      } | null
      oauth?: {
        provider: 'google' | 'microsoft' | 'other'
        client_id: string
        client_secret?: string
        refresh_token: string
        /** Of Microsoft; `common` by default. */
        tenant?: string
        /** Of another provider. */
        token_url?: string
      } | null
      /** Opens `POST /channels/email/:inbox_identifier/inbound`, for a mail server that delivers here. */
      inbound_secret?: string
      /** The server whose `Authentication-Results` and `X-Spam` headers are true, as it calls itself there. */
      trusted_relay?: string | null
      /** Whether mails to `name+something@domain` arrive, too. By default, if there is `imap` or an `inbound_secret`. */
      plus_addressing?: boolean | null
      /** Is sent to whoever begins a conversation: at most once a day to an address, and only if the `trusted_relay` vouches for it. */
      auto_reply?: string | null
      /** The `inbox_identifier`s of inboxes, such as widgets, whose conversations go on by mail: a contact who has an address, and who does not see the message of an agent for five minutes, gets it as a mail from here. */
      continues?: string[] | null
      signature?: string | null
    } | unknown)
  }, options?: CallOptions) => Promise<Inbox>
  /** Delete an inbox. Refused (409) if the inbox has conversations, unless `force` deletes them, too. Only for administrators. A token needs the scope `admin`. */
  'DELETE /inboxes/{inbox_id}': (inbox_id: number, query?: {
    force?: boolean
  }, options?: CallOptions) => Promise<void>
  /** Rotate the key for identity validation. Replaces the `hmac_token`. Hashes and tokens made with the old one are refused from now on. Only for administrators. A token needs the scope `admin`. */
  'POST /inboxes/{inbox_id}/rotate_hmac_token': (inbox_id: number, options?: CallOptions) => Promise<Inbox>
  /** List the members of an inbox. */
  'GET /inbox_members/{inbox_id}': (inbox_id: number, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Add members to an inbox. Returns all members. Only for administrators. A token needs the scope `admin`. */
  'POST /inbox_members/{inbox_id}': (inbox_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Set the members of an inbox. Returns them. Conversations assigned to removed members are unassigned, unless the member is an administrator. Only for administrators. A token needs the scope `admin`. */
  'PATCH /inbox_members/{inbox_id}': (inbox_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Remove members from an inbox. Returns the remaining members. Conversations assigned to removed members are unassigned, unless the member is an administrator. Only for administrators. A token needs the scope `admin`. */
  'DELETE /inbox_members/{inbox_id}': (inbox_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Add members to an inbox that the body names. Returns all members. Only for administrators. A token needs the scope `admin`. */
  'POST /inbox_members': (body: {
    inbox_id: number
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Set the members of an inbox that the body names. Returns them. Conversations assigned to removed members are unassigned, unless the member is an administrator. Only for administrators. A token needs the scope `admin`. */
  'PATCH /inbox_members': (body: {
    inbox_id: number
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Remove members from an inbox that the body names. Returns the remaining members. Conversations assigned to removed members are unassigned, unless the member is an administrator. Only for administrators. A token needs the scope `admin`. */
  'DELETE /inbox_members': (body: {
    inbox_id: number
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** List labels. */
  'GET /labels': (options?: CallOptions) => Promise<{
    payload: Label[]
  }>
  /** Create a label. Only for administrators. A token needs the scope `admin`. */
  'POST /labels': (body: {
    title: string
    description?: string | null
    color?: string
    show_on_sidebar?: boolean
  }, options?: CallOptions) => Promise<Label>
  /** Get a label. */
  'GET /labels/{label_id}': (label_id: number, options?: CallOptions) => Promise<Label>
  /** Change a label. Its conversations show the new title at once. Only for administrators. A token needs the scope `admin`. */
  'PATCH /labels/{label_id}': (label_id: number, body: {
    title?: string
    description?: string | null
    color?: string
    show_on_sidebar?: boolean
  }, options?: CallOptions) => Promise<Label>
  /** Delete a label. The label is removed from all conversations. Only for administrators. A token needs the scope `admin`. */
  'DELETE /labels/{label_id}': (label_id: number, options?: CallOptions) => Promise<void>
  /** List the labels that visitors may set. */
  'GET /inboxes/{inbox_id}/visitor_labels': (inbox_id: number, options?: CallOptions) => Promise<{
    /** Titles. */
    payload: string[]
  }>
  /** Choose the labels that visitors may set. Contacts of the inbox may set and remove these labels in their own conversations, with the client API or the JavaScript of a page. Replaces all of them; without a label they may set none. Only for administrators. A token needs the scope `admin`. */
  'PUT /inboxes/{inbox_id}/visitor_labels': (inbox_id: number, body: {
    /** Titles of labels of the account. */
    labels: string[]
  }, options?: CallOptions) => Promise<{
    /** Titles. */
    payload: string[]
  }>
  /** List teams. */
  'GET /teams': (options?: CallOptions) => Promise<Team[]>
  /** Create a team. Only for administrators. A token needs the scope `admin`. */
  'POST /teams': (body: {
    name: string
    description?: string | null
    allow_auto_assign?: boolean
  }, options?: CallOptions) => Promise<Team>
  /** Get a team. */
  'GET /teams/{team_id}': (team_id: number, options?: CallOptions) => Promise<Team>
  /** Change a team. Only for administrators. A token needs the scope `admin`. */
  'PATCH /teams/{team_id}': (team_id: number, body: {
    name?: string
    description?: string | null
    allow_auto_assign?: boolean
  }, options?: CallOptions) => Promise<Team>
  /** Delete a team. Its conversations no longer belong to a team. Only for administrators. A token needs the scope `admin`. */
  'DELETE /teams/{team_id}': (team_id: number, options?: CallOptions) => Promise<void>
  /** List the members of a team. */
  'GET /teams/{team_id}/team_members': (team_id: number, options?: CallOptions) => Promise<Member[]>
  /** Add members to a team. Returns all members. Only for administrators. A token needs the scope `admin`. */
  'POST /teams/{team_id}/team_members': (team_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<Member[]>
  /** Set the members of a team. Returns them. Only for administrators. A token needs the scope `admin`. */
  'PATCH /teams/{team_id}/team_members': (team_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<Member[]>
  /** Remove members from a team. Returns the remaining members. Only for administrators. A token needs the scope `admin`. */
  'DELETE /teams/{team_id}/team_members': (team_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<Member[]>
  /** List custom attribute definitions. All of them, by name. */
  'GET /custom_attribute_definitions': (query?: {
    /** What has the attribute. */
    attribute_model?: 'contact_attribute' | 'conversation_attribute'
  }, options?: CallOptions) => Promise<{
    payload: CustomAttributeDefinition[]
  }>
  /** Define a custom attribute. From now on its values are checked. Those that are stored already stay as they are. Only for administrators. A token needs the scope `admin`. */
  'POST /custom_attribute_definitions': (body: {
    /** What has the attribute. */
    attribute_model: 'contact_attribute' | 'conversation_attribute'
    /** The name in `custom_attributes`. Cannot be changed later. Must not be the name of a filter field, and for conversations must not begin with `contact.` */
    attribute_key: string
    attribute_display_name: string
    /** The values that the attribute can have: texts; numbers, of currency and percent, too; addresses of the web; days such as 2026-01-31; one of `attribute_values`; or true and false. */
    attribute_display_type?: 'text' | 'number' | 'currency' | 'percent' | 'link' | 'date' | 'list' | 'checkbox'
    /** Of a list: the values that it offers. */
    attribute_values?: string[]
    attribute_description?: string | null
    /** Of a text: a regular expression that its value must match. It must not contain look-ahead or references to groups. */
    regex_pattern?: string | null
    /** What is said about a value that does not match `regex_pattern`. */
    regex_cue?: string | null
  }, options?: CallOptions) => Promise<CustomAttributeDefinition>
  /** Get a custom attribute definition. */
  'GET /custom_attribute_definitions/{custom_attribute_definition_id}': (custom_attribute_definition_id: number, options?: CallOptions) => Promise<CustomAttributeDefinition>
  /** Change a custom attribute definition. Its model and key cannot be changed. Only for administrators. A token needs the scope `admin`. */
  'PATCH /custom_attribute_definitions/{custom_attribute_definition_id}': (custom_attribute_definition_id: number, body: {
    attribute_display_name?: string
    /** The values that the attribute can have: texts; numbers, of currency and percent, too; addresses of the web; days such as 2026-01-31; one of `attribute_values`; or true and false. */
    attribute_display_type?: 'text' | 'number' | 'currency' | 'percent' | 'link' | 'date' | 'list' | 'checkbox'
    /** Of a list: the values that it offers. */
    attribute_values?: string[]
    attribute_description?: string | null
    /** Of a text: a regular expression that its value must match. It must not contain look-ahead or references to groups. */
    regex_pattern?: string | null
    /** What is said about a value that does not match `regex_pattern`. */
    regex_cue?: string | null
  }, options?: CallOptions) => Promise<CustomAttributeDefinition>
  /** Delete a custom attribute definition. The values of the attribute stay, and are no longer checked. Only for administrators. A token needs the scope `admin`. */
  'DELETE /custom_attribute_definitions/{custom_attribute_definition_id}': (custom_attribute_definition_id: number, options?: CallOptions) => Promise<void>
  /** List companies. 25 per page. */
  'GET /companies': (query?: {
    /** A leading "-" reverses the order. */
    sort?: 'name' | 'contacts_count' | 'created_at' | '-name' | '-contacts_count' | '-created_at'
    /** `meta.next` of the page before, with the same `sort`. */
    cursor?: string
  }, options?: CallOptions) => Promise<{
    payload: Company[]
    meta: {
      /** The cursor of the next page; null on the last one. */
      next: string | null
    }
  }>
  /** Create a company. Contacts that exist already do not change. */
  'POST /companies': (body: {
    name: string
    /** Not one of a public mail provider such as gmail.com. */
    domain?: string | null
    description?: string | null
  }, options?: CallOptions) => Promise<Company>
  /** Search companies. The first 25, in the order of their names; a company that has exactly this name comes first. */
  'GET /companies/search': (query: {
    /** Finds companies whose name or domain has words that begin with all of these, in any order, ignoring case and accents. */
    q: string
  }, options?: CallOptions) => Promise<{
    payload: Company[]
  }>
  /** Get a company. */
  'GET /companies/{company_id}': (company_id: number, options?: CallOptions) => Promise<Company>
  /** Change a company. Fields that are left out do not change; null empties a field. */
  'PATCH /companies/{company_id}': (company_id: number, body: {
    name?: string
    /** Not one of a public mail provider such as gmail.com. */
    domain?: string | null
    description?: string | null
  }, options?: CallOptions) => Promise<Company>
  /** Delete a company. Its contacts stay, and no longer belong to a company. Only for administrators. A token needs the scope `admin`. */
  'DELETE /companies/{company_id}': (company_id: number, options?: CallOptions) => Promise<void>
  /** List contacts. 15 per page. */
  'GET /contacts': (query?: {
    page?: number
    /** A leading "-" reverses the order. */
    sort?: 'name' | 'email' | 'phone_number' | 'last_activity_at' | 'created_at' | '-name' | '-email' | '-phone_number' | '-last_activity_at' | '-created_at'
    include_contact_inboxes?: boolean
    /** `meta.next` of the page before; an empty one for the first page. In place of `page`: every page takes the same time. */
    cursor?: string
  }, options?: CallOptions) => Promise<ContactPage>
  /** Create a contact. */
  'POST /contacts': (body?: {
    name?: string | null
    email?: string | null
    phone_number?: string | null
    identifier?: string | null
    /** The company that the contact belongs to. If a new contact is sent without it, the company with the domain of its e-mail address. */
    company_id?: number | null
    /** Adds the contact to this inbox. Its secret `source_id` there is in `contact_inboxes` of this response, and never shown again. */
    inbox_id?: number | null
    /** The address of a picture, which is returned as `thumbnail`. */
    avatar_url?: string | null
    custom_attributes?: Record<string, unknown>
    /** What other systems know about the contact. */
    additional_attributes?: Record<string, unknown>
  }, options?: CallOptions) => Promise<Contact>
  /** Search contacts. 15 per page. If very many match, the newest 1,000 of them. */
  'GET /contacts/search': (query: {
    /** Finds contacts whose name, email, phone_number or identifier contains all of these words, in any order, ignoring case and accents. Three letters of the beginning of a word are enough, and three digits of a number.. */
    q: string
    page?: number
    /** A leading "-" reverses the order. */
    sort?: 'name' | 'email' | 'phone_number' | 'last_activity_at' | 'created_at' | '-name' | '-email' | '-phone_number' | '-last_activity_at' | '-created_at'
    include_contact_inboxes?: boolean
  }, options?: CallOptions) => Promise<ContactPage>
  /** Filter contacts. Newest first, or in the order of `sort`. A filter looks through all of them for a limited time; `timed_out` is true if the time limit was reached, and `before_id`, or `next` with `sort`, continues. */
  'POST /contacts/filter': (input: ({
    payload: Array<{
      /** A field. Any other name is that of a custom attribute; in filters of conversations, `contact.` in front of it means that of the contact. */
      attribute_key: string
      filter_operator: 'equal_to' | 'not_equal_to' | 'contains' | 'does_not_contain' | 'starts_with' | 'is_present' | 'is_not_present' | 'is_greater_than' | 'is_less_than' | 'days_before'
      /** One of them must match; with a negative operator none of them may. */
      values: Array<string | number | boolean>
      /** Joins this selector to the next one. AND binds before OR. */
      query_operator?: 'AND' | 'OR' | null
    }>
  }) & {
    /** `meta.before_id` of the page before, with the same filter, without `sort`. */
    before_id?: number
    /** A leading "-" reverses the order. Without it, the newest come first. */
    sort?: 'name' | 'email' | 'phone_number' | 'last_activity_at' | 'created_at' | '-name' | '-email' | '-phone_number' | '-last_activity_at' | '-created_at'
    /** `meta.next` of the page before, with the same filter and `sort`. */
    cursor?: string
  }, options?: CallOptions) => Promise<{
    payload: Contact[]
    meta: {
      /** The cursor of the next page of a list without `sort`; null on the last one, and with `sort`. */
      before_id: number | null
      /** True if the time of the search was over before the page was full. The next page continues from there. */
      timed_out: boolean
      /** The cursor of the next page of a list with `sort`; null on the last one. */
      next: string | null
    }
  }>
  /** Get a contact. */
  'GET /contacts/{contact_id}': (contact_id: number, options?: CallOptions) => Promise<Contact>
  /** Change a contact. An agent who is not a member of every inbox that the contact is in may not change `identifier`, `email`, `phone_number` or `blocked` (403). */
  'PATCH /contacts/{contact_id}': (contact_id: number, body: {
    name?: string | null
    email?: string | null
    phone_number?: string | null
    identifier?: string | null
    /** The company that the contact belongs to. If a new contact is sent without it, the company with the domain of its e-mail address. */
    company_id?: number | null
    /** Whether messages from the contact are refused. */
    blocked?: boolean
    /** Merged with the existing ones; null removes one. */
    custom_attributes?: Record<string, unknown>
    /** The address of a picture, which is returned as `thumbnail`. */
    avatar_url?: string | null
    /** Merged with the existing ones; null removes one. */
    additional_attributes?: Record<string, unknown>
  }, options?: CallOptions) => Promise<Contact>
  /** Change a contact. An agent who is not a member of every inbox that the contact is in may not change `identifier`, `email`, `phone_number` or `blocked` (403). */
  'PUT /contacts/{contact_id}': (contact_id: number, body?: {
    name?: string | null
    email?: string | null
    phone_number?: string | null
    identifier?: string | null
    /** The company that the contact belongs to. If a new contact is sent without it, the company with the domain of its e-mail address. */
    company_id?: number | null
    /** Whether messages from the contact are refused. */
    blocked?: boolean
    /** Merged with the existing ones; null removes one. */
    custom_attributes?: Record<string, unknown>
    /** The address of a picture, which is returned as `thumbnail`. */
    avatar_url?: string | null
    /** Merged with the existing ones; null removes one. */
    additional_attributes?: Record<string, unknown>
  }, options?: CallOptions) => Promise<Contact>
  /** Erase a contact. Erases the contact with its inboxes, conversations and messages, and all events about them. This cannot be undone. Older backups still contain the data. Only for administrators. A token needs the scope `admin`. */
  'DELETE /contacts/{contact_id}': (contact_id: number, options?: CallOptions) => Promise<void>
  /** Add a contact to an inbox. Returns 201 with the contact’s new name or secret at the inbox. If it already has one, returns 200 with its name, or with null if it is a secret: rotate it if it is lost. */
  'POST /contacts/{contact_id}/contact_inboxes': (contact_id: number, body: {
    inbox_id: number
    /** A name for the contact at the inbox. Without it, the contact gets a secret, unless it already has a name or a secret there. */
    source_id?: string | null
  }, options?: CallOptions) => Promise<ContactInbox>
  /** List the inboxes in which a contact can be written to. Of the inboxes that you see: those that the contact is in, with its name there or null, and those with the channel `api`. */
  'GET /contacts/{contact_id}/contactable_inboxes': (contact_id: number, options?: CallOptions) => Promise<{
    payload: ContactInbox[]
  }>
  /** List the labels of a contact. */
  'GET /contacts/{contact_id}/labels': (contact_id: number, options?: CallOptions) => Promise<{
    payload: string[]
  }>
  /** Set the labels of a contact. Replaces all of its labels. */
  'POST /contacts/{contact_id}/labels': (contact_id: number, body: {
    /** The titles of all labels that the contact will have. */
    labels: string[]
  }, options?: CallOptions) => Promise<{
    payload: string[]
  }>
  /** List the contacts of a company. Newest first, 15 per page. */
  'GET /companies/{company_id}/contacts': (company_id: number, query?: {
    /** `meta.before_id` of the page before. */
    before_id?: number
  }, options?: CallOptions) => Promise<{
    payload: Contact[]
    meta: {
      /** The cursor of the next page; null on the last one. */
      before_id: number | null
    }
  }>
  /** Rotate the secret of a contact at an inbox. Revokes every secret `source_id` of the contact at the inbox, ends the streams opened with them, and returns a new one. Only for administrators. A token needs the scope `admin`. */
  'POST /contacts/{contact_id}/contact_inboxes/rotate_source_id': (contact_id: number, body: {
    inbox_id: number
  }, options?: CallOptions) => Promise<ContactInbox>
  /** List the notes about a contact. Newest first, 25 per page. */
  'GET /contacts/{contact_id}/notes': (contact_id: number, query?: {
    /** `meta.before_id` of the page before. */
    before_id?: number
  }, options?: CallOptions) => Promise<{
    payload: ContactNote[]
    meta: {
      /** The cursor of the next page; null on the last one. */
      before_id: number | null
    }
  }>
  /** Write a note about a contact. Every agent of the account can read it, and contacts never can. */
  'POST /contacts/{contact_id}/notes': (contact_id: number, body: {
    /** As Markdown, like the content of a message. */
    content: string
  }, options?: CallOptions) => Promise<ContactNote>
  /** Get a note about a contact. */
  'GET /contacts/{contact_id}/notes/{note_id}': (contact_id: number, note_id: number, options?: CallOptions) => Promise<ContactNote>
  /** Change a note about a contact. Its author and administrators may. */
  'PATCH /contacts/{contact_id}/notes/{note_id}': (contact_id: number, note_id: number, body: {
    /** As Markdown, like the content of a message. */
    content: string
  }, options?: CallOptions) => Promise<ContactNote>
  /** Delete a note about a contact. Its author and administrators may. */
  'DELETE /contacts/{contact_id}/notes/{note_id}': (contact_id: number, note_id: number, options?: CallOptions) => Promise<void>
  /** List the visits of a contact. Where the contact was last seen: one visit for each inbox that the token’s user sees, latest first. The browser of the contact says all of it. */
  'GET /contacts/{contact_id}/visits': (contact_id: number, options?: CallOptions) => Promise<{
    payload: Visit[]
  }>
  /** List conversations. 25 per page, newest first. The counts include all pages and assignees. */
  'GET /conversations': (query?: {
    /** Ignored with `cursor`. Far pages take longer; with `cursor` they do not. */
    page?: number
    /** `meta.next` of the page before, with the same filters. */
    cursor?: string
    status?: 'open' | 'resolved' | 'pending' | 'snoozed' | 'all'
    assignee_type?: 'me' | 'unassigned' | 'assigned' | 'all'
    /** Titles, repeated or separated by commas: only conversations with all of these labels. */
    labels?: string[]
    inbox_id?: number
    team_id?: number
    /** `participating`: only those that you follow. `mentioned`: only those in which a note mentions you by name. Not with `q`, `source_id` or another `sort`. */
    involvement?: 'participating' | 'mentioned'
    /** true: only those with a message of the customer that no agent has answered yet; bots, notes and automatic messages do not answer. Not with `q`, `source_id`, `involvement` or another `sort`. */
    unattended?: boolean
    /** Only those of the contact with this name in an inbox, or with this secret. Not with `q`. */
    source_id?: string
    /** Finds conversations in which a message (private notes included) or the contact’s name, email, phone_number or identifier contains all of these words, in any order, ignoring case and accents. The beginning of a word is enough, except for a single letter. New messages are found after about a second. The newest matches come first: a search reads them until they yield enough conversations, sorts these, and leaves older matches to the pages after `next`. `#12` finds the conversation with that number. */
    q?: string
    /** Newest first. */
    sort?: 'last_activity_at' | 'created_at' | 'updated_at'
    /** Another way to write `sort`, which it replaces. */
    sort_by?: 'last_activity_at_desc' | 'created_at_desc' | 'updated_at_desc'
  }, options?: CallOptions) => Promise<{
    data: {
      meta: {
        all_count: number
        mine_count: number
        unassigned_count: number
        /** Assigned to another user. */
        assigned_count: number
        /** True if counting everything would take too long: each count is then the least that there are. */
        counts_capped: boolean
        /** The `cursor` of the next page; null on the last one. */
        next: string | null
      }
      payload: Conversation[]
    }
  }>
  /** Create a conversation. As JSON, or as a form with the files of its first message; `message` is then a field with JSON, and can be left out. */
  'POST /conversations': (body?: {
    /** Required, unless `source_id` is known at one inbox only. */
    inbox_id?: number
    /** Required, unless `source_id` names the contact. */
    contact_id?: number
    /** A name for the contact at the inbox, or the secret that opens it there. Without `contact_id`, it is that of the contact. */
    source_id?: string | null
    /** By default `open`, or `pending` if a bot answers in the inbox. */
    status?: 'open' | 'resolved' | 'pending'
    assignee_id?: number | null
    team_id?: number | null
    custom_attributes?: Record<string, unknown>
    /** What other systems know about the conversation. */
    additional_attributes?: Record<string, unknown>
    /** The first message, as in a request that sends one. `message_type` defaults to `outgoing`. */
    message?: Record<string, unknown>
  } | {
    /** Required, unless `source_id` is known at one inbox only. */
    inbox_id?: number
    /** Required, unless `source_id` names the contact. */
    contact_id?: number
    /** A name for the contact at the inbox, or the secret that opens it there. Without `contact_id`, it is that of the contact. */
    source_id?: string | null
    /** By default `open`, or `pending` if a bot answers in the inbox. */
    status?: 'open' | 'resolved' | 'pending'
    assignee_id?: number | null
    team_id?: number | null
    custom_attributes?: Record<string, unknown>
    /** What other systems know about the conversation. */
    additional_attributes?: Record<string, unknown>
    /** The first message, as in a request that sends one. `message_type` defaults to `outgoing`. */
    message?: Record<string, unknown>
    /** The files. */
    attachments: Blob[]
  }, options?: SendOptions) => Promise<Conversation>
  /** Count conversations. The counts of a list, without its conversations. */
  'GET /conversations/meta': (query?: {
    status?: 'open' | 'resolved' | 'pending' | 'snoozed' | 'all'
    assignee_type?: 'me' | 'unassigned' | 'assigned' | 'all'
    /** Titles, repeated or separated by commas: only conversations with all of these labels. */
    labels?: string[]
    inbox_id?: number
    team_id?: number
    /** `participating`: only those that you follow. `mentioned`: only those in which a note mentions you by name. Not with `q`, `source_id` or another `sort`. */
    involvement?: 'participating' | 'mentioned'
    /** true: only those with a message of the customer that no agent has answered yet; bots, notes and automatic messages do not answer. Not with `q`, `source_id`, `involvement` or another `sort`. */
    unattended?: boolean
    /** Only those of the contact with this name in an inbox, or with this secret. Not with `q`. */
    source_id?: string
  }, options?: CallOptions) => Promise<{
    meta: {
      all_count: number
      mine_count: number
      unassigned_count: number
      /** Assigned to another user. */
      assigned_count: number
      /** True if counting everything would take too long: each count is then the least that there are. */
      counts_capped: boolean
    }
  }>
  /** List unread conversations. The open conversations with unread messages that you may see, at most 1000: first those assigned to you, then the unassigned ones. */
  'GET /conversations/unread': (options?: CallOptions) => Promise<{
    payload: Array<{
      id: number
      assignee_id: number | null
      team_id: number | null
    }>
    meta: {
      /** The teams that you are a member of. */
      my_team_ids: number[]
      /** False if there are more. */
      is_complete: boolean
    }
  }>
  /** Filter conversations. Newest first. A filter looks through all of them for a limited time; `timed_out` is true if the time limit was reached, and `before_id` continues. */
  'POST /conversations/filter': (input: ({
    payload: Array<{
      /** A field. Any other name is that of a custom attribute; in filters of conversations, `contact.` in front of it means that of the contact. */
      attribute_key: string
      filter_operator: 'equal_to' | 'not_equal_to' | 'contains' | 'does_not_contain' | 'starts_with' | 'is_present' | 'is_not_present' | 'is_greater_than' | 'is_less_than' | 'days_before'
      /** One of them must match; with a negative operator none of them may. */
      values: Array<string | number | boolean>
      /** Joins this selector to the next one. AND binds before OR. */
      query_operator?: 'AND' | 'OR' | null
    }>
  }) & {
    /** `meta.before_id` of the page before, with the same filter. */
    before_id?: number
  }, options?: CallOptions) => Promise<{
    payload: Conversation[]
    meta: {
      /** The cursor of the next page; null on the last one. */
      before_id: number | null
      /** True if the time of the search was over before the page was full. The next page continues from there. */
      timed_out: boolean
    }
  }>
  /** Get a conversation. */
  'GET /conversations/{conversation_id}': (conversation_id: number, options?: CallOptions) => Promise<Conversation>
  /** Delete a conversation. Its messages and events are erased. This cannot be undone. Older backups still contain the conversation. Only for administrators. A token needs the scope `admin`. */
  'DELETE /conversations/{conversation_id}': (conversation_id: number, options?: CallOptions) => Promise<void>
  /** Change a conversation. */
  'PATCH /conversations/{conversation_id}': (conversation_id: number, body: {
    status?: 'open' | 'resolved' | 'pending' | 'snoozed'
    /** Unix seconds, in the future; only with the status `snoozed`. Without it, the conversation is snoozed until the customer writes. */
    snoozed_until?: number | null
    priority?: 'urgent' | 'high' | 'medium' | 'low' | null
    /** A user who works in the inbox; null unassigns it. */
    assignee_id?: number | null
    /** Who is the assignee; null for nobody. If it is somebody else and not yet `assignee_id`, nothing is changed, and the code of the error is `assignee_changed`. With null, only one of several agents who take a conversation at the same time gets it. */
    expected_assignee_id?: number | null
    /** null removes it from its team. */
    team_id?: number | null
    /** Merged with the current ones; null removes one. */
    custom_attributes?: Record<string, unknown>
    /** Merged with the current ones; null removes one. */
    additional_attributes?: Record<string, unknown>
  }, options?: CallOptions) => Promise<Conversation>
  /** Resolve, snooze or open a conversation. Without a body, an open conversation is resolved and any other is opened. */
  'POST /conversations/{conversation_id}/toggle_status': (conversation_id: number, body?: {
    /** Without it, an open conversation is resolved and any other is opened. */
    status?: 'open' | 'resolved' | 'pending' | 'snoozed'
    /** Unix seconds, in the future; only with the status `snoozed`. Without it, the conversation is snoozed until the customer writes. */
    snoozed_until?: number | null
  }, options?: CallOptions) => Promise<Conversation>
  /** Set the priority. */
  'POST /conversations/{conversation_id}/toggle_priority': (conversation_id: number, body: {
    priority: 'urgent' | 'high' | 'medium' | 'low' | null
  }, options?: CallOptions) => Promise<Conversation>
  /** Assign a conversation. Assigns it to a user, to a team, or to nobody. A team with `allow_auto_assign` assigns it to the member who is online, works in the inbox, and has waited longest since their last turn, unless a member of the team is assigned already. */
  'POST /conversations/{conversation_id}/assignments': (conversation_id: number, body?: {
    /** A user who works in the inbox; null unassigns it. */
    assignee_id?: number | null
    /** Whether `assignee_id` names a user or a bot. null is nobody for both. */
    assignee_type?: 'User' | 'AgentBot'
    /** null removes it from its team. */
    team_id?: number | null
    /** Who is the assignee; null for nobody. If it is somebody else and not yet `assignee_id`, nothing is changed, and the code of the error is `assignee_changed`. With null, only one of several agents who take a conversation at the same time gets it. */
    expected_assignee_id?: number | null
  }, options?: CallOptions) => Promise<Conversation>
  /** Set the custom attributes of a conversation. Replaces all of them. `PATCH` changes some. */
  'POST /conversations/{conversation_id}/custom_attributes': (conversation_id: number, body: {
    /** All custom attributes that the conversation will have. */
    custom_attributes: Record<string, unknown>
  }, options?: CallOptions) => Promise<{
    custom_attributes: Record<string, unknown>
  }>
  /** Mark a conversation as seen by agents. `unread_count` becomes 0, and the messages of the contact become `read`. */
  'POST /conversations/{conversation_id}/update_last_seen': (conversation_id: number, options?: CallOptions) => Promise<Conversation>
  /** List the labels of a conversation. */
  'GET /conversations/{conversation_id}/labels': (conversation_id: number, options?: CallOptions) => Promise<{
    payload: string[]
  }>
  /** Set the labels of a conversation. Replaces all of its labels. */
  'POST /conversations/{conversation_id}/labels': (conversation_id: number, body: {
    /** The titles of all labels that the conversation will have. */
    labels: string[]
  }, options?: CallOptions) => Promise<{
    payload: string[]
  }>
  /** List views. Those of the account and your own, by name. */
  'GET /views': (options?: CallOptions) => Promise<{
    payload: View[]
  }>
  /** Create a view. A filter of conversations with a name. */
  'POST /views': (body: {
    name: string
    /** Which conversations it shows, as the `payload` of a filter of conversations. The value `me` of `assignee_id` is whoever asks. */
    filter: Array<{
      /** A field. Any other name is that of a custom attribute; in filters of conversations, `contact.` in front of it means that of the contact. */
      attribute_key: string
      filter_operator: 'equal_to' | 'not_equal_to' | 'contains' | 'does_not_contain' | 'starts_with' | 'is_present' | 'is_not_present' | 'is_greater_than' | 'is_less_than' | 'days_before'
      /** One of them must match; with a negative operator none of them may. */
      values: Array<string | number | boolean>
      /** Joins this selector to the next one. AND binds before OR. */
      query_operator?: 'AND' | 'OR' | null
    }>
    /** `account`: every agent can use it. `mine`: only its author can. */
    visibility?: 'account' | 'mine'
  }, options?: CallOptions) => Promise<View>
  /** Get a view. */
  'GET /views/{view_id}': (view_id: number, options?: CallOptions) => Promise<View>
  /** Change a view. Its author and administrators may. */
  'PATCH /views/{view_id}': (view_id: number, body: {
    name?: string
    /** Which conversations it shows, as the `payload` of a filter of conversations. The value `me` of `assignee_id` is whoever asks. */
    filter?: Array<{
      /** A field. Any other name is that of a custom attribute; in filters of conversations, `contact.` in front of it means that of the contact. */
      attribute_key: string
      filter_operator: 'equal_to' | 'not_equal_to' | 'contains' | 'does_not_contain' | 'starts_with' | 'is_present' | 'is_not_present' | 'is_greater_than' | 'is_less_than' | 'days_before'
      /** One of them must match; with a negative operator none of them may. */
      values: Array<string | number | boolean>
      /** Joins this selector to the next one. AND binds before OR. */
      query_operator?: 'AND' | 'OR' | null
    }>
  }, options?: CallOptions) => Promise<View>
  /** Delete a view. Its author and administrators may. Its conversations stay. */
  'DELETE /views/{view_id}': (view_id: number, options?: CallOptions) => Promise<void>
  /** List the conversations of a view. Those that you see, the last active ones first. It looks for a limited time; `timed_out` is true if the time limit was reached, and `next` continues. */
  'GET /views/{view_id}/conversations': (view_id: number, query?: {
    /** `meta.next` of the page before. */
    cursor?: string
  }, options?: CallOptions) => Promise<{
    payload: Conversation[]
    meta: {
      /** The `cursor` of the next page; null on the last one. */
      next: string | null
      timed_out: boolean
    }
  }>
  /** Count the conversations of a view. It counts for a limited time, and no further than 1000. */
  'GET /views/{view_id}/count': (view_id: number, options?: CallOptions) => Promise<{
    count: number
    /** True if there may be more than `count`. */
    count_capped: boolean
  }>
  /** List canned responses. Those of the account and your own, by short code, 50 per page. */
  'GET /canned_responses': (query?: {
    /** Only those that contain this text, in any case and with or without accents: first those whose short code begins with it. */
    search?: string
    page?: number
  }, options?: CallOptions) => Promise<{
    payload: CannedResponse[]
    meta: {
      has_more: boolean
    }
  }>
  /** Create a canned response. As JSON, or as a form, which can contain files. */
  'POST /canned_responses': (body: {
    /** Unique among those of the account and your own. */
    short_code: string
    /** May contain variables, such as `{{contact.name | there}}`. */
    content: string
    /** `account`: every agent can use it. `mine`: only its author can. */
    visibility?: 'account' | 'mine'
  } | {
    /** Unique among those of the account and your own. */
    short_code: string
    /** May contain variables, such as `{{contact.name | there}}`. */
    content: string
    /** `account`: every agent can use it. `mine`: only its author can. */
    visibility?: 'account' | 'mine'
    /** The files. */
    attachments: Blob[]
  }, options?: UploadOptions) => Promise<CannedResponse>
  /** Get a canned response. */
  'GET /canned_responses/{canned_response_id}': (canned_response_id: number, options?: CallOptions) => Promise<CannedResponse>
  /** Delete a canned response. Its author and administrators may. Messages keep its files. */
  'DELETE /canned_responses/{canned_response_id}': (canned_response_id: number, options?: CallOptions) => Promise<void>
  /** Change a canned response. Its author and administrators may. Only the author may change the visibility. */
  'PATCH /canned_responses/{canned_response_id}': (canned_response_id: number, body: {
    /** Unique among those of the account and your own. */
    short_code?: string
    /** May contain variables, such as `{{contact.name | there}}`. */
    content?: string
    /** `account`: every agent can use it. `mine`: only its author can. */
    visibility?: 'account' | 'mine'
    /** Of its files, those to keep. Without it, all. Files of a form are added. */
    attachment_ids?: number[]
  } | {
    /** Unique among those of the account and your own. */
    short_code?: string
    /** May contain variables, such as `{{contact.name | there}}`. */
    content?: string
    /** `account`: every agent can use it. `mine`: only its author can. */
    visibility?: 'account' | 'mine'
    /** Of its files, those to keep. Without it, all. Files of a form are added. */
    attachment_ids?: number[]
    /** The files. */
    attachments: Blob[]
  }, options?: UploadOptions) => Promise<CannedResponse>
  /** Fill in a canned response. Returns it as it would be sent in a conversation by you. */
  'POST /canned_responses/{canned_response_id}/render': (canned_response_id: number, body: {
    conversation_id: number
  }, options?: CallOptions) => Promise<{
    /** The content, with the values of the conversation for its variables. */
    content: string
    attachments: Array<{
      id: number
      /** Determined from its bytes, not its name. */
      file_type: 'image' | 'audio' | 'video' | 'file'
      file_name: string
      /** In bytes. */
      file_size: number
      /** A link to the file that works without a token for a week. */
      data_url: string
      /** Such a link to a small WebP, for images. */
      thumb_url: string | null
      /** In pixels, for images. */
      width: number | null
      /** In pixels, for images. */
      height: number | null
      /** By which the HTML of a mail refers to it: `cid:…`. */
      content_id: string | null
    }>
  }>
  /** Get your signature in an inbox. */
  'GET /inboxes/{inbox_id}/signature': (inbox_id: number, options?: CallOptions) => Promise<Signature>
  /** Set your signature in an inbox. Messages have it if they are sent with `append_signature`. */
  'PUT /inboxes/{inbox_id}/signature': (inbox_id: number, body: {
    /** May contain variables. An empty one is deleted. */
    content: string
    append_by_default?: boolean
  }, options?: CallOptions) => Promise<Signature>
  /** Get your draft in a conversation. */
  'GET /conversations/{conversation_id}/draft': (conversation_id: number, options?: CallOptions) => Promise<Draft>
  /** Set your draft in a conversation. Nobody else sees it. Refused with 409 `stale` if it was changed in another browser; `draft` is the other one. */
  'PUT /conversations/{conversation_id}/draft': (conversation_id: number, body: {
    /** An empty one deletes the draft. */
    content: string
    private?: boolean
    /** The version that you have changed; 0 if there was no draft. */
    version?: number
  }, options?: CallOptions) => Promise<Draft>
  /** List messages. Returns all messages of the conversation, or a page of them, oldest first. */
  'GET /conversations/{conversation_id}/messages': (conversation_id: number, query?: {
    /** Only messages before this time (Unix seconds), exclusive. For an id, use `before_id`. */
    before?: number
    /** Only messages after this time (Unix seconds), exclusive. For an id, use `after_id`. */
    after?: number
    /** The maximum number of messages: the latest ones, or those next to the cursor. Fewer are returned if they are very long. Without it, all messages are returned. */
    limit?: number
    /** Only messages older than this one; with `limit`, the nearest ones. */
    before_id?: number
    /** Only messages newer than this one; with `limit`, the nearest ones. */
    after_id?: number
    /** This message and those around it; requires `limit`. */
    around_id?: number
    /** Whether to include deleted messages as tombstones. */
    include_deleted?: boolean
  }, options?: CallOptions) => Promise<MessagePage>
  /** Send a message. As JSON, or as a form, which can contain files. */
  'POST /conversations/{conversation_id}/messages': (conversation_id: number, body: {
    content: string
    /** `outgoing`: from the user of the token. `incoming`: from the contact (only in API inboxes). */
    message_type: 'outgoing' | 'incoming'
    /** Whether it is a private note, which only agents see. */
    private?: boolean
    content_type?: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
    /** The fields that the content type requires, and your own fields; at most 64 KiB of JSON. */
    content_attributes?: Record<string, unknown>
    /** Returned in the response and in events. */
    echo_id?: string | null
    /** The id of the message in the system that it comes from, returned in responses and in events. It need not be unique. An outgoing message with a `source_id` counts as sent: the channel does not send it again. */
    source_id?: string | null
    /** The canned responses that `content` was written with: their files are sent, too, and the variables in `content` are filled in. */
    canned_response_ids?: number[]
    /** With `canned_response_ids`: whether the variables in `content` are filled in, which is so by default. `false` if they have been already. */
    fill_in?: boolean
    /** Whether your signature in the inbox follows the content. */
    append_signature?: boolean
    /** The newest message that you have seen. If another user or a bot has replied to the contact since, nothing is sent, and the code of the error is `stale`. */
    last_seen_message_id?: number
    /** The version of your draft that is sent with it: the draft is deleted, unless it is newer. */
    draft_version?: number
  } | {
    /** May be empty if there are files. */
    content?: string
    /** `outgoing`: from the user of the token. `incoming`: from the contact (only in API inboxes). */
    message_type: 'outgoing' | 'incoming'
    /** Whether it is a private note, which only agents see. */
    private?: boolean
    content_type?: 'text' | 'input_select' | 'input_email' | 'cards' | 'form' | 'article'
    /** The fields that the content type requires, and your own fields; at most 64 KiB of JSON. */
    content_attributes?: Record<string, unknown>
    /** Returned in the response and in events. */
    echo_id?: string | null
    /** The id of the message in the system that it comes from, returned in responses and in events. It need not be unique. An outgoing message with a `source_id` counts as sent: the channel does not send it again. */
    source_id?: string | null
    /** The canned responses that `content` was written with: their files are sent, too, and the variables in `content` are filled in. */
    canned_response_ids?: number[]
    /** With `canned_response_ids`: whether the variables in `content` are filled in, which is so by default. `false` if they have been already. */
    fill_in?: boolean
    /** Whether your signature in the inbox follows the content. */
    append_signature?: boolean
    /** The newest message that you have seen. If another user or a bot has replied to the contact since, nothing is sent, and the code of the error is `stale`. */
    last_seen_message_id?: number
    /** The version of your draft that is sent with it: the draft is deleted, unless it is newer. */
    draft_version?: number
    /** The files. */
    attachments: Blob[]
  }, options?: SendOptions) => Promise<Message>
  /** Get a message. */
  'GET /conversations/{conversation_id}/messages/{message_id}': (conversation_id: number, message_id: number, query?: {
    include_deleted?: boolean
  }, options?: CallOptions) => Promise<Message>
  /** Edit a message or report its delivery. */
  'PATCH /conversations/{conversation_id}/messages/{message_id}': (conversation_id: number, message_id: number, body: {
    /** Edits the message; only its author may. */
    content?: string
    /** From `sent` to `delivered` to `read`, or to `failed`; only in API inboxes. */
    status?: 'delivered' | 'read' | 'failed'
    /** Why it failed; only with `status: "failed"`. */
    external_error?: string
  }, options?: CallOptions) => Promise<Message>
  /** Delete a message. Its content is erased; a tombstone remains. */
  'DELETE /conversations/{conversation_id}/messages/{message_id}': (conversation_id: number, message_id: number, options?: CallOptions) => Promise<Message>
  /** List the participants of a conversation. The agents who follow it, ordered by id. */
  'GET /conversations/{conversation_id}/participants': (conversation_id: number, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Add participants to a conversation. Members of the inbox and administrators can follow it. Returns all participants. */
  'POST /conversations/{conversation_id}/participants': (conversation_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Set the participants of a conversation. Returns them. */
  'PATCH /conversations/{conversation_id}/participants': (conversation_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** Remove participants from a conversation. Users who do not follow it are ignored. Returns the remaining participants. */
  'DELETE /conversations/{conversation_id}/participants': (conversation_id: number, body: {
    user_ids: number[]
  }, options?: CallOptions) => Promise<{
    payload: Member[]
  }>
  /** List scheduled messages. Those of a conversation, at most 50, the next one first. */
  'GET /conversations/{conversation_id}/scheduled_messages': (conversation_id: number, options?: CallOptions) => Promise<{
    payload: ScheduledMessage[]
  }>
  /** Schedule a message. As JSON, or as a form, which can contain files. It is sent in your name at its time. */
  'POST /conversations/{conversation_id}/scheduled_messages': (conversation_id: number, body: {
    content: string
    /** When it is sent, in Unix seconds: in the future, within two years. */
    send_at: number
    /** Whether it is a private note, which only agents see. */
    private?: boolean
    /** Whether a message of the contact before that time cancels it. */
    cancel_if_contact_replies?: boolean
    /** The fields that the content type requires, and your own fields; at most 64 KiB of JSON. */
    content_attributes?: Record<string, unknown>
    /** The canned responses that `content` was written with: their files are sent, too, and the variables in `content` are filled in. */
    canned_response_ids?: number[]
    /** Whether your signature in the inbox follows the content. */
    append_signature?: boolean
  } | {
    content?: string
    /** When it is sent, in Unix seconds: in the future, within two years. */
    send_at: number
    /** Whether it is a private note, which only agents see. */
    private?: boolean
    /** Whether a message of the contact before that time cancels it. */
    cancel_if_contact_replies?: boolean
    /** The fields that the content type requires, and your own fields; at most 64 KiB of JSON. */
    content_attributes?: Record<string, unknown>
    /** The canned responses that `content` was written with: their files are sent, too, and the variables in `content` are filled in. */
    canned_response_ids?: number[]
    /** Whether your signature in the inbox follows the content. */
    append_signature?: boolean
    /** The files. */
    attachments: Blob[]
  }, options?: UploadOptions) => Promise<ScheduledMessage>
  /** Change a scheduled message. Only its author may. With a new `send_at`, one that was cancelled or has failed is tried again. */
  'PATCH /conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}': (conversation_id: number, scheduled_message_id: number, body: {
    /** When it is sent, in Unix seconds: in the future, within two years. */
    send_at?: number
    content?: string
    /** Whether it is a private note, which only agents see. */
    private?: boolean
    /** Whether a message of the contact before that time cancels it. */
    cancel_if_contact_replies?: boolean
  }, options?: CallOptions) => Promise<ScheduledMessage>
  /** Delete a scheduled message. It is not sent. Everybody who sees the conversation may. */
  'DELETE /conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}': (conversation_id: number, scheduled_message_id: number, options?: CallOptions) => Promise<void>
  /** List proposals. Those of a conversation, latest first, 20 at a time. */
  'GET /conversations/{conversation_id}/proposals': (conversation_id: number, query?: {
    /** Only proposals older than this one. */
    before_id?: number
    /** Only these. Those that are stale or have expired count as `pending`. */
    status?: 'pending' | 'sent' | 'refused'
  }, options?: CallOptions) => Promise<{
    payload: Proposal[]
    meta: {
      has_more: boolean
    }
  }>
  /** Propose a reply. A person decides whether it is sent. As JSON, or as a form, which can contain files. */
  'POST /conversations/{conversation_id}/proposals': (conversation_id: number, body: {
    content: string
    /** What happens when it is sent, as in a macro: in the name of the person who approves it. */
    actions?: Array<{
      action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
      action_params: Array<string | number | boolean | null>
    }>
    /** What it is based on, for the person who decides. The customer does not see it. */
    sources?: Array<{
      title: string
      url?: string
    }>
    /** After this time it cannot be sent; in the future. */
    expires_at?: number | null
  } | {
    content: string
    /** What happens when it is sent, as in a macro: in the name of the person who approves it. */
    actions?: Array<{
      action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
      action_params: Array<string | number | boolean | null>
    }>
    /** What it is based on, for the person who decides. The customer does not see it. */
    sources?: Array<{
      title: string
      url?: string
    }>
    /** After this time it cannot be sent; in the future. */
    expires_at?: number | null
    /** The files. */
    attachments: Blob[]
  }, options?: UploadOptions) => Promise<Proposal>
  /** Get a proposal. */
  'GET /conversations/{conversation_id}/proposals/{proposal_id}': (conversation_id: number, proposal_id: number, options?: CallOptions) => Promise<Proposal>
  /** Send a proposal. In your name. Refused with 409 `stale` if the contact has written since, or if it has expired. */
  'POST /conversations/{conversation_id}/proposals/{proposal_id}/approve': (conversation_id: number, proposal_id: number, body?: {
    /** Another text, if it was edited. */
    content?: string
  }, options?: CallOptions) => Promise<Proposal>
  /** Refuse a proposal. */
  'POST /conversations/{conversation_id}/proposals/{proposal_id}/refuse': (conversation_id: number, proposal_id: number, body: {
    /** Why; it is kept, so that the next ones get better. */
    reason: string
  }, options?: CallOptions) => Promise<Proposal>
  /** List macros. Those of the account and your own, by name. */
  'GET /macros': (options?: CallOptions) => Promise<{
    payload: Macro[]
  }>
  /** Create a macro. */
  'POST /macros': (body: {
    name: string
    actions: Array<{
      action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
      action_params: Array<string | number | boolean | null>
    }>
    /** `account`: every agent can use it. `mine`: only its author can. */
    visibility?: 'account' | 'mine'
  }, options?: CallOptions) => Promise<Macro>
  /** Get a macro. */
  'GET /macros/{macro_id}': (macro_id: number, options?: CallOptions) => Promise<Macro>
  /** Change a macro. Its author and administrators may. */
  'PATCH /macros/{macro_id}': (macro_id: number, body: {
    name?: string
    actions?: Array<{
      action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
      action_params: Array<string | number | boolean | null>
    }>
  }, options?: CallOptions) => Promise<Macro>
  /** Delete a macro. Its author and administrators may. */
  'DELETE /macros/{macro_id}': (macro_id: number, options?: CallOptions) => Promise<void>
  /** Preview a macro. What it would do to a conversation. Nothing is changed. */
  'POST /macros/{macro_id}/preview': (macro_id: number, body: {
    conversation_id: number
  }, options?: CallOptions) => Promise<{
    /** The fields that change, with their values before. */
    before: Record<string, unknown>
    /** The same fields with their values after. */
    after: Record<string, unknown>
    messages: Array<{
      content: string
      private: boolean
    }>
  }>
  /** Run a macro. Runs all of its actions on a conversation, or none of them if one is refused. */
  'POST /macros/{macro_id}/execute': (macro_id: number, body: {
    conversation_id: number
  }, options?: CallOptions) => Promise<MacroRun>
  /** Undo a macro. Within five minutes, by the user who ran it. Refused with 409 `stale` if something has changed since. */
  'POST /macro_runs/{macro_run_id}/undo': (macro_run_id: number, options?: CallOptions) => Promise<MacroRun>
  /** Change many conversations. Runs actions on conversations, in the background. They are listed before the first one is changed. */
  'POST /bulk_actions': (body: {
    /** Required without `view_id`. */
    conversation_ids?: number[]
    /** All conversations of this view, too. */
    view_id?: number
    actions: Array<{
      action_name: 'send_message' | 'add_private_note' | 'add_label' | 'remove_label' | 'assign_agent' | 'assign_team' | 'change_status' | 'snooze_conversation' | 'change_priority' | 'set_attribute' | 'mute_conversation' | 'send_email_transcript' | 'send_webhook_event'
      action_params: Array<string | number | boolean | null>
    }>
  }, options?: CallOptions) => Promise<BulkAction>
  /** List bulk actions. Your latest ones. They are kept for a day after their end. */
  'GET /bulk_actions': (options?: CallOptions) => Promise<{
    payload: BulkAction[]
  }>
  /** Get a bulk action. With its progress. */
  'GET /bulk_actions/{bulk_action_id}': (bulk_action_id: number, options?: CallOptions) => Promise<BulkAction>
  /** Stop a bulk action. What it has done stays. One that has ended is not changed. */
  'POST /bulk_actions/{bulk_action_id}/stop': (bulk_action_id: number, options?: CallOptions) => Promise<BulkAction>
  /** Undo a bulk action. While it is running and within an hour of its end, by the user who ran it. Conversations in which something has changed since stay as they are. */
  'POST /bulk_actions/{bulk_action_id}/undo': (bulk_action_id: number, options?: CallOptions) => Promise<BulkAction>
  /** List your notifications. The newest first, 25 on a page. The newest 500 are kept. */
  'GET /notifications': (query?: {
    /** Only those that you have not read. */
    unread?: boolean
    /** `meta.next` of the page before. */
    cursor?: number
  }, options?: CallOptions) => Promise<{
    payload: Notification[]
    meta: {
      unread_count: number
      /** The `cursor` of the next page; null on the last one. */
      next: number | null
    }
  }>
  /** Count your unread notifications. */
  'GET /notifications/unread_count': (options?: CallOptions) => Promise<{
    unread_count: number
  }>
  /** Mark your notifications as read. All of them, or those about a conversation or an import. Returns how many are left. */
  'POST /notifications/read_all': (body?: {
    /** Only those about conversations, or about imports. */
    primary_actor_type?: 'Conversation' | 'ContactImport'
    /** Only those about this conversation or import. */
    primary_actor_id?: number
  }, options?: CallOptions) => Promise<{
    unread_count: number
  }>
  /** Delete your notifications. All of them, or those that you have read. Returns how many unread ones are left. */
  'POST /notifications/destroy_all': (body: {
    /** `read`: only those that you have read. */
    type: 'all' | 'read'
  }, options?: CallOptions) => Promise<{
    unread_count: number
  }>
  /** Get a notification. */
  'GET /notifications/{notification_id}': (notification_id: number, options?: CallOptions) => Promise<Notification>
  /** Mark a notification as read or unread. */
  'PATCH /notifications/{notification_id}': (notification_id: number, body: {
    read: boolean
  }, options?: CallOptions) => Promise<Notification>
  /** Delete a notification. */
  'DELETE /notifications/{notification_id}': (notification_id: number, options?: CallOptions) => Promise<void>
  /** Get what you are notified of. */
  'GET /notification_settings': (options?: CallOptions) => Promise<NotificationSettings>
  /** Change what you are notified of. Types and channels that are left out stay as they are. */
  'PATCH /notification_settings': (body: {
    kinds?: {
      conversation_creation?: {
        /** In the list of notifications. */
        app?: boolean
        /** In a mail, if you have not seen it some minutes later. */
        email?: boolean
        /** On your devices. */
        push?: boolean
      }
      conversation_assignment?: {
        /** In the list of notifications. */
        app?: boolean
        /** In a mail, if you have not seen it some minutes later. */
        email?: boolean
        /** On your devices. */
        push?: boolean
      }
      assigned_conversation_new_message?: {
        /** In the list of notifications. */
        app?: boolean
        /** In a mail, if you have not seen it some minutes later. */
        email?: boolean
        /** On your devices. */
        push?: boolean
      }
      conversation_mention?: {
        /** In the list of notifications. */
        app?: boolean
        /** In a mail, if you have not seen it some minutes later. */
        email?: boolean
        /** On your devices. */
        push?: boolean
      }
      participating_conversation_new_message?: {
        /** In the list of notifications. */
        app?: boolean
        /** In a mail, if you have not seen it some minutes later. */
        email?: boolean
        /** On your devices. */
        push?: boolean
      }
      import_finished?: {
        /** In the list of notifications. */
        app?: boolean
        /** In a mail, if you have not seen it some minutes later. */
        email?: boolean
        /** On your devices. */
        push?: boolean
      }
    }
    /** Every day between these times, no mails and pushes are sent. What is unread comes after them. */
    quiet_hours?: {
      from: string
      to: string
      /** Such as `Europe/Berlin`. */
      time_zone: string
    } | null
  }, options?: CallOptions) => Promise<NotificationSettings>
  /** Merge another conversation into this one. All messages of the other one, which must be of the same contact in the same inbox, are moved to this one, and what is prepared there. The other one is resolved, and its `merged_into_id` is the id of this one: whoever writes to it writes to this one. The response is this one. */
  'POST /conversations/{conversation_id}/merge': (conversation_id: number, body: {
    /** The conversation whose messages the one of the path gets. */
    mergee_conversation_id: number
  }, options?: CallOptions) => Promise<Conversation>
  /** Undo the merge of this conversation. Within a week. Its messages are moved back; those that were written since the merge stay in the other conversation. The response is the conversation of the path. */
  'DELETE /conversations/{conversation_id}/merge': (conversation_id: number, options?: CallOptions) => Promise<Conversation>
  /** Split a conversation. Moves a message and all after it, or some messages, to a new conversation of the same contact in the same inbox, with the same assignee, team and priority. At least one message must be left. The response is the new conversation. */
  'POST /conversations/{conversation_id}/split': (conversation_id: number, body?: {
    /** The first message that is moved, with all after it. */
    message_id?: number
    /** The messages that are moved. */
    message_ids?: number[]
  }, options?: CallOptions) => Promise<Conversation>
  /** Undo the split that has created this conversation. Within a week. It is merged back into the conversation that it was split from, with what was written since, and its `merged_into_id` is the id of that. The response is that one. */
  'DELETE /conversations/{conversation_id}/split': (conversation_id: number, options?: CallOptions) => Promise<Conversation>
  /** List the merges and splits of a conversation. The latest first. */
  'GET /conversations/{conversation_id}/moves': (conversation_id: number, query?: {
    /** Only older moves than this one. */
    before_id?: number
  }, options?: CallOptions) => Promise<{
    payload: ConversationMove[]
    meta: {
      has_more: boolean
    }
  }>
  /** List the conversations of a contact. Only those in inboxes that the token’s user sees, latest activity first; 25 per page. */
  'GET /contacts/{contact_id}/conversations': (contact_id: number, query?: {
    page?: number
  }, options?: CallOptions) => Promise<{
    payload: Conversation[]
    meta: {
      count: number
      current_page: number
      total_pages: number
    }
  }>
  /** Export everything stored about a contact. The contact with its inboxes, where it was last seen, and its conversations with all messages except private notes. Only for administrators. A token needs the scope `admin`. */
  'GET /contacts/{contact_id}/export': (contact_id: number, options?: CallOptions) => Promise<ContactExport>
  /** Merge two contacts. The base contact gets the conversations, inboxes and messages of the other one, and its fields and custom attributes as far as the base has none of its own. The other contact is deleted. An agent must be a member of every inbox that the two contacts are in (403). */
  'POST /actions/contact_merge': (body: {
    /** The contact that stays and gets the data of the other one. */
    base_contact_id: number
    /** The contact that is deleted. */
    mergee_contact_id: number
  }, options?: CallOptions) => Promise<Contact>
  /** List agents. All users of the account, including administrators. */
  'GET /agents': (options?: CallOptions) => Promise<Agent[]>
  /** Invite an agent. They can sign in once they accept. Until then they can already be added to inboxes and teams and get conversations. The response does not reveal whether the address belongs to a user of another account; that user joins with their own name and id. Only for administrators. A token needs the scope `admin`. */
  'POST /agents': (body: {
    name: string
    email: string
    role: 'administrator' | 'agent'
    /** What the user has chosen. `GET /presence` has their status. */
    availability?: 'online' | 'busy' | 'offline'
    /** The inboxes that they become a member of. */
    inbox_ids?: number[]
    /** The teams that they become a member of. */
    team_ids?: number[]
  }, options?: CallOptions) => Promise<InvitedAgent>
  /** Change an agent. The last administrator cannot become an agent (409). Only for administrators. A token needs the scope `admin`. */
  'PATCH /agents/{agent_id}': (agent_id: number, body: {
    name?: string
    role?: 'administrator' | 'agent'
    /** What the user has chosen. `GET /presence` has their status. */
    availability?: 'online' | 'busy' | 'offline'
  }, options?: CallOptions) => Promise<Agent>
  /** Remove an agent. Ends their membership in this account, and their access tokens for it, immediately. Their messages stay, and their conversations are unassigned. The last administrator cannot be removed (409). Only for administrators. A token needs the scope `admin`. */
  'DELETE /agents/{agent_id}': (agent_id: number, options?: CallOptions) => Promise<void>
  /** Create a link to set a password. For the agent, who can use it once within an hour. If the agent has not accepted their invitation, it is a new invitation, valid for 7 days. If a mail server is configured, an invitation is mailed to them, and `url` is null. Refused for a user who is also a member of another account (403). The link ends if they join one. Only for administrators. A token needs the scope `admin`. */
  'POST /agents/{agent_id}/password_link': (agent_id: number, options?: CallOptions) => Promise<{
    url: string | null
  }>
  /** List the access tokens of all agents. All tokens for this account, including those of administrators, oldest first. Only for administrators. A token needs the scope `admin`. */
  'GET /access_tokens': (options?: CallOptions) => Promise<{
    payload: AccessToken[]
  }>
  /** Revoke an access token of an agent. It has no access to this account from the next request on. Only for administrators. A token needs the scope `admin`. */
  'DELETE /access_tokens/{access_token_id}': (access_token_id: number, options?: CallOptions) => Promise<void>
  /** Stream events. A stream of Server-Sent Events: `id` is the position in the log, `event` the name, `data` the JSON that webhooks get. It resumes without loss after `Last-Event-ID` or `after`. `typing` and `presence` have no id. With `Accept: application/json` the response is one page of the same events, for programs that poll. docs/realtime.md explains the rules. */
  'GET /events': (query?: {
    /** Only events after this position. Without it, only events from now on. */
    after?: number
    /** Only events of this conversation. */
    conversation_id?: number
    /** Only events with these names, separated by commas: `message_created,typing`. */
    events?: string
    /** The maximum number of events in a JSON page. */
    limit?: number
  }, options?: CallOptions) => Promise<{
    /** Oldest first. */
    payload: Array<
      | AgentCreatedEvent
      | AgentUpdatedEvent
      | AgentDeletedEvent
      | InboxCreatedEvent
      | InboxUpdatedEvent
      | InboxDeletedEvent
      | LabelCreatedEvent
      | LabelUpdatedEvent
      | LabelDeletedEvent
      | TeamCreatedEvent
      | TeamUpdatedEvent
      | TeamDeletedEvent
      | CustomAttributeDefinitionCreatedEvent
      | CustomAttributeDefinitionUpdatedEvent
      | CustomAttributeDefinitionDeletedEvent
      | CompanyCreatedEvent
      | CompanyUpdatedEvent
      | CompanyDeletedEvent
      | ContactCreatedEvent
      | ContactUpdatedEvent
      | ContactNoteCreatedEvent
      | ContactNoteUpdatedEvent
      | ContactNoteDeletedEvent
      | ConversationCreatedEvent
      | ConversationUpdatedEvent
      | ConversationStatusChangedEvent
      | ConversationDeletedEvent
      | ViewCreatedEvent
      | ViewUpdatedEvent
      | ViewDeletedEvent
      | CannedResponseCreatedEvent
      | CannedResponseUpdatedEvent
      | CannedResponseDeletedEvent
      | MessageCreatedEvent
      | MessageUpdatedEvent
      | MessageDeletedEvent
      | ParticipantsChangedEvent
      | ScheduledMessageCreatedEvent
      | ScheduledMessageUpdatedEvent
      | ScheduledMessageDeletedEvent
      | ProposalCreatedEvent
      | ProposalUpdatedEvent
      | MacroCreatedEvent
      | MacroUpdatedEvent
      | MacroDeletedEvent
      | ContactDeletedEvent
      | AgentBotCreatedEvent
      | AgentBotUpdatedEvent
      | AgentBotDeletedEvent
      | {
      event: 'reset'
    }>
    meta: {
      /** The position to continue from. It can increase even if the page is empty. */
      after: number
    }
  }>
  /** Report that you are typing. Streams of users who may see the conversation get `event: typing`. It is not stored. */
  'POST /conversations/{conversation_id}/toggle_typing_status': (conversation_id: number, body: {
    typing_status: 'on' | 'off'
    /** Whether the user is typing a private note. */
    is_private?: boolean
  }, options?: CallOptions) => Promise<void>
  /** Report that you are viewing a conversation. Streams of users who may see the conversation get `event: viewing`. It is not stored, and ends with your last event stream, or after 45 seconds unless you repeat it. The response has the others who look at it. */
  'POST /conversations/{conversation_id}/toggle_viewing_status': (conversation_id: number, body: {
    /** Repeat `on` every 20 seconds while you look at it. */
    viewing_status: 'on' | 'off'
  }, options?: CallOptions) => Promise<{
    payload: Array<{
      id: number
      name: string
    }>
  }>
  /** List the users who look at a conversation. */
  'GET /conversations/{conversation_id}/viewers': (conversation_id: number, options?: CallOptions) => Promise<{
    payload: Array<{
      id: number
      name: string
    }>
  }>
  /** List the users who are online or busy. The status of a user is the availability that they have chosen, if they have an event stream open whose session or token has the scope `write`. Otherwise they are offline. Users who are offline are not in the list. */
  'GET /presence': (options?: CallOptions) => Promise<{
    payload: Array<{
      user_id: number
      status: 'online' | 'busy' | 'offline'
    }>
  }>
  /** List webhooks. Includes those of API inboxes. Only for administrators. A token needs the scope `admin`. */
  'GET /webhooks': (options?: CallOptions) => Promise<{
    payload: Webhook[]
  }>
  /** Create a webhook. It gets the events that happen from now on. Signals (`typing`, `widget_opened`) are sent at most once, and are not among its deliveries. Only for administrators. A token needs the scope `admin`. */
  'POST /webhooks': (body: {
    /** Must lead to a public address. */
    url: string
    name?: string | null
    /** Names of events. */
    subscriptions: Array<'agent_created' | 'agent_updated' | 'agent_deleted' | 'inbox_created' | 'inbox_updated' | 'inbox_deleted' | 'label_created' | 'label_updated' | 'label_deleted' | 'team_created' | 'team_updated' | 'team_deleted' | 'custom_attribute_definition_created' | 'custom_attribute_definition_updated' | 'custom_attribute_definition_deleted' | 'company_created' | 'company_updated' | 'company_deleted' | 'contact_created' | 'contact_updated' | 'contact_note_created' | 'contact_note_updated' | 'contact_note_deleted' | 'conversation_created' | 'conversation_updated' | 'conversation_status_changed' | 'conversation_deleted' | 'view_created' | 'view_updated' | 'view_deleted' | 'canned_response_created' | 'canned_response_updated' | 'canned_response_deleted' | 'message_created' | 'message_updated' | 'message_deleted' | 'participants_changed' | 'scheduled_message_created' | 'scheduled_message_updated' | 'scheduled_message_deleted' | 'proposal_created' | 'proposal_updated' | 'macro_created' | 'macro_updated' | 'macro_deleted' | 'contact_deleted' | 'agent_bot_created' | 'agent_bot_updated' | 'agent_bot_deleted' | 'typing' | 'widget_opened'>
    /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
    format?: 'ndoto' | 'chatwoot'
  }, options?: CallOptions) => Promise<WebhookWithSecret>
  /** Get a webhook. Only for administrators. A token needs the scope `admin`. */
  'GET /webhooks/{webhook_id}': (webhook_id: number, options?: CallOptions) => Promise<Webhook>
  /** Change a webhook. Only for administrators. A token needs the scope `admin`. */
  'PATCH /webhooks/{webhook_id}': (webhook_id: number, body: {
    /** Must lead to a public address. */
    url?: string
    name?: string | null
    /** Names of events. */
    subscriptions?: Array<'agent_created' | 'agent_updated' | 'agent_deleted' | 'inbox_created' | 'inbox_updated' | 'inbox_deleted' | 'label_created' | 'label_updated' | 'label_deleted' | 'team_created' | 'team_updated' | 'team_deleted' | 'custom_attribute_definition_created' | 'custom_attribute_definition_updated' | 'custom_attribute_definition_deleted' | 'company_created' | 'company_updated' | 'company_deleted' | 'contact_created' | 'contact_updated' | 'contact_note_created' | 'contact_note_updated' | 'contact_note_deleted' | 'conversation_created' | 'conversation_updated' | 'conversation_status_changed' | 'conversation_deleted' | 'view_created' | 'view_updated' | 'view_deleted' | 'canned_response_created' | 'canned_response_updated' | 'canned_response_deleted' | 'message_created' | 'message_updated' | 'message_deleted' | 'participants_changed' | 'scheduled_message_created' | 'scheduled_message_updated' | 'scheduled_message_deleted' | 'proposal_created' | 'proposal_updated' | 'macro_created' | 'macro_updated' | 'macro_deleted' | 'contact_deleted' | 'agent_bot_created' | 'agent_bot_updated' | 'agent_bot_deleted' | 'typing' | 'widget_opened'>
    /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
    format?: 'ndoto' | 'chatwoot'
    /** `true` switches it on again: pending deliveries continue, missed events are not sent. */
    active?: boolean
  }, options?: CallOptions) => Promise<Webhook>
  /** Delete a webhook. Pending deliveries are no longer sent. Only for administrators. A token needs the scope `admin`. */
  'DELETE /webhooks/{webhook_id}': (webhook_id: number, options?: CallOptions) => Promise<Webhook>
  /** Create a new secret for a webhook. For 24 hours, deliveries are signed with both the old and the new secret. Only for administrators. A token needs the scope `admin`. */
  'POST /webhooks/{webhook_id}/rotate_secret': (webhook_id: number, options?: CallOptions) => Promise<WebhookWithSecret>
  /** List deliveries of a webhook. Newest first. `meta.before_id` is the cursor of the next, older page. Only for administrators. A token needs the scope `admin`. */
  'GET /webhooks/{webhook_id}/deliveries': (webhook_id: number, query?: {
    limit?: number
    /** Only deliveries older than this one. */
    before_id?: number
    state?: 'pending' | 'running' | 'succeeded' | 'failed'
  }, options?: CallOptions) => Promise<{
    payload: WebhookDelivery[]
    meta: {
      before_id: number | null
    }
  }>
  /** Send a delivery again. Also if the webhook is switched off: then it is attempted once. Only for administrators. A token needs the scope `admin`. */
  'POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver': (webhook_id: number, delivery_id: number, options?: CallOptions) => Promise<WebhookDelivery>
  /** List bots. Agents may assign conversations to them. They get the list without `outgoing_url` and `disabled_reason`, and with those of the `inbox_ids` that they see. */
  'GET /agent_bots': (options?: CallOptions) => Promise<{
    payload: AgentBot[]
  }>
  /** Create a bot. It answers in no inbox until it is set for one. Only for administrators. A token needs the scope `admin`. */
  'POST /agent_bots': (body: {
    /** Customers see it next to the messages of the bot. */
    name: string
    description?: string | null
    /** Where its events are sent: a public address. Without it, none are sent. */
    outgoing_url?: string | null
    /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
    format?: 'ndoto' | 'chatwoot'
  }, options?: CallOptions) => Promise<AgentBotWithSecrets>
  /** Get a bot. Only for administrators. A token needs the scope `admin`. */
  'GET /agent_bots/{agent_bot_id}': (agent_bot_id: number, options?: CallOptions) => Promise<AgentBot>
  /** Change a bot. Only for administrators. A token needs the scope `admin`. */
  'PATCH /agent_bots/{agent_bot_id}': (agent_bot_id: number, body: {
    /** Customers see it next to the messages of the bot. */
    name?: string
    description?: string | null
    /** Where its events are sent: a public address. Without it, none are sent. */
    outgoing_url?: string | null
    /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
    format?: 'ndoto' | 'chatwoot'
    /** `true` switches it on again: pending deliveries continue, missed events are not sent. */
    active?: boolean
  }, options?: CallOptions) => Promise<AgentBot>
  /** Delete a bot. Its token ends at once. Its messages stay. Only for administrators. A token needs the scope `admin`. */
  'DELETE /agent_bots/{agent_bot_id}': (agent_bot_id: number, options?: CallOptions) => Promise<void>
  /** Create a new token for a bot. The old one ends at once. Only for administrators. A token needs the scope `admin`. */
  'POST /agent_bots/{agent_bot_id}/rotate_token': (agent_bot_id: number, options?: CallOptions) => Promise<{
    /** For requests of the bot. Shown only in this response. */
    access_token: string
  }>
  /** Create a new secret for a bot. Deliveries are signed with it from now on, also those that are waiting. Only for administrators. A token needs the scope `admin`. */
  'POST /agent_bots/{agent_bot_id}/rotate_secret': (agent_bot_id: number, options?: CallOptions) => Promise<{
    /** For verifying signatures. Shown only in this response. */
    secret: string
  }>
  /** Get the bot of an inbox. */
  'GET /inboxes/{inbox_id}/agent_bot': (inbox_id: number, options?: CallOptions) => Promise<{
    agent_bot: {
      id: number
      name: string
      description: string | null
      /** Where its events are sent. Shown only to administrators; null in events. */
      outgoing_url: string | null
      /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
      format: 'ndoto' | 'chatwoot'
      /** The inboxes in which it answers. Agents get those that they see. */
      inbox_ids: number[]
      /** Whether its events are sent. */
      active: boolean
      /** Why the server has switched it off. Shown only to administrators. */
      disabled_reason: string | null
      /** Unix seconds */
      created_at: number
      /** Unix seconds */
      updated_at: number
    } | null
  }>
  /** Set the bot of an inbox. New conversations of the inbox are then `pending`, until the bot or a user opens them. Only for administrators. A token needs the scope `admin`. */
  'POST /inboxes/{inbox_id}/agent_bot': (inbox_id: number, body: {
    /** The id of the bot; null for none. */
    agent_bot: number | null
  }, options?: CallOptions) => Promise<{
    agent_bot: {
      id: number
      name: string
      description: string | null
      /** Where its events are sent. Shown only to administrators; null in events. */
      outgoing_url: string | null
      /** How events are written and signed: as docs/webhooks.md says, or as Chatwoot does. */
      format: 'ndoto' | 'chatwoot'
      /** The inboxes in which it answers. Agents get those that they see. */
      inbox_ids: number[]
      /** Whether its events are sent. */
      active: boolean
      /** Why the server has switched it off. Shown only to administrators. */
      disabled_reason: string | null
      /** Unix seconds */
      created_at: number
      /** Unix seconds */
      updated_at: number
    } | null
  }>
  /** Try the settings of an inbox. For example by signing in at the provider; takes up to 10 seconds. Returns what is wrong with the settings. Only for administrators. A token needs the scope `admin`. */
  'POST /inboxes/{inbox_id}/check': (inbox_id: number, options?: CallOptions) => Promise<{
    /** Empty if they work, and if the channel has nothing to try. */
    payload: Array<{
      field: string
      message: string
    }>
  }>
  /** Get the whole mail of a message. With its HTML, its text with everything that it quotes, and its header. */
  'GET /conversations/{conversation_id}/messages/{message_id}/email': (conversation_id: number, message_id: number, options?: CallOptions) => Promise<{
    subject: string
    from: {
      name: string | null
      address: string
    } | null
    to: Array<{
      name: string | null
      address: string
    }>
    cc: Array<{
      name: string | null
      address: string
    }>
    /** As it was sent. Show it only in a sandbox. */
    html: string | null
    text: string | null
    headers: Array<{
      name: string
      value: string
    }>
    /** Whether the raw mail is stored. */
    has_raw: boolean
  }>
  /** Get the state of a mailbox. Whether the mails of an e-mail inbox arrive, and why not. */
  'GET /inboxes/{inbox_id}/mailbox': (inbox_id: number, options?: CallOptions) => Promise<Mailbox>
  /** Mark a conversation as spam, or not. Spam is resolved and has the label `spam`. The mails of a sender who has another conversation are not treated as spam. */
  'POST /conversations/{conversation_id}/spam': (conversation_id: number, body: {
    spam: boolean
  }, options?: CallOptions) => Promise<Conversation>
  /** Download the raw mail of a message. */
  'GET /conversations/{conversation_id}/messages/{message_id}/email/raw': (conversation_id: number, message_id: number, options?: CallOptions) => Promise<string>
  /** Send a conversation by mail. Sends what its contact can see, to the contact or to an agent. The response comes when a mail server has taken it. */
  'POST /conversations/{conversation_id}/transcript': (conversation_id: number, body: {
    /** The address of the contact, or of an agent of the account. */
    email: string
  }, options?: CallOptions) => Promise<void>
  /** Import contacts. Up to 200 in one transaction. One that exists, by its e-mail address, phone number, identifier or name at an inbox, does not change: a batch can be sent again. Unlike contacts that are created one by one, they are not events. Only for administrators. A token needs the scope `admin`. */
  'POST /contacts/imports': (body: {
    contacts: Array<Record<string, unknown>>
    /** Only checks them. */
    dry_run?: boolean
  }, options?: CallOptions) => Promise<{
    /** How many were stored, or would be. */
    stored: number
    /** How many exist already, and do not change. */
    known: number
    refused: Array<{
      /** The position in `contacts`. */
      index: number
      error: string
    }>
  }>
  /** Export all contacts. As CSV for spreadsheets: a value that they would take for a formula begins with an apostrophe. Only for administrators. A token needs the scope `admin`. */
  'GET /contacts/export': (options?: CallOptions) => Promise<string>
  /** List imports of contacts. The latest ones. They are kept for a week after their end. Only for administrators. A token needs the scope `admin`. */
  'GET /contact_imports': (options?: CallOptions) => Promise<{
    payload: ContactImport[]
  }>
  /** Import a file of contacts. In the background. The columns are those of an export. A contact that exists, by its e-mail address, phone number, identifier or name at an inbox, does not change. Contacts that are imported are not events. Only for administrators. A token needs the scope `admin`. */
  'POST /contact_imports': (body?: {
    /** Only checks the contacts. */
    dry_run?: boolean
    /** The files. */
    attachments: Blob[]
  }, options?: UploadOptions) => Promise<ContactImport>
  /** Get an import of contacts. With its progress. Only for administrators. A token needs the scope `admin`. */
  'GET /contact_imports/{contact_import_id}': (contact_import_id: number, options?: CallOptions) => Promise<ContactImport>
  /** Stop an import of contacts. What it has stored stays. One that has ended is not changed. Only for administrators. A token needs the scope `admin`. */
  'POST /contact_imports/{contact_import_id}/stop': (contact_import_id: number, options?: CallOptions) => Promise<ContactImport>
  /** Get the refused lines of an import. As CSV, as they are in the file, with what is wrong in the column `error`: the first 10,000. Only for administrators. A token needs the scope `admin`. */
  'GET /contact_imports/{contact_import_id}/refused': (contact_import_id: number, options?: CallOptions) => Promise<string>
}

export const accountInputs: Inputs = {
  'POST /inboxes': 'body',
  'PATCH /inboxes/{inbox_id}': 'body',
  'DELETE /inboxes/{inbox_id}': 'query',
  'POST /inbox_members/{inbox_id}': 'body',
  'PATCH /inbox_members/{inbox_id}': 'body',
  'DELETE /inbox_members/{inbox_id}': 'body',
  'POST /inbox_members': 'body',
  'PATCH /inbox_members': 'body',
  'DELETE /inbox_members': 'body',
  'POST /labels': 'body',
  'PATCH /labels/{label_id}': 'body',
  'PUT /inboxes/{inbox_id}/visitor_labels': 'body',
  'POST /teams': 'body',
  'PATCH /teams/{team_id}': 'body',
  'POST /teams/{team_id}/team_members': 'body',
  'PATCH /teams/{team_id}/team_members': 'body',
  'DELETE /teams/{team_id}/team_members': 'body',
  'GET /custom_attribute_definitions': 'query',
  'POST /custom_attribute_definitions': 'body',
  'PATCH /custom_attribute_definitions/{custom_attribute_definition_id}': 'body',
  'GET /companies': 'query',
  'POST /companies': 'body',
  'GET /companies/search': 'query',
  'PATCH /companies/{company_id}': 'body',
  'GET /contacts': 'query',
  'POST /contacts': 'body',
  'GET /contacts/search': 'query',
  'POST /contacts/filter': ['before_id', 'sort', 'cursor'],
  'PATCH /contacts/{contact_id}': 'body',
  'PUT /contacts/{contact_id}': 'body',
  'POST /contacts/{contact_id}/contact_inboxes': 'body',
  'POST /contacts/{contact_id}/labels': 'body',
  'GET /companies/{company_id}/contacts': 'query',
  'POST /contacts/{contact_id}/contact_inboxes/rotate_source_id': 'body',
  'GET /contacts/{contact_id}/notes': 'query',
  'POST /contacts/{contact_id}/notes': 'body',
  'PATCH /contacts/{contact_id}/notes/{note_id}': 'body',
  'GET /conversations': 'query',
  'POST /conversations': 'body and key',
  'GET /conversations/meta': 'query',
  'POST /conversations/filter': ['before_id'],
  'PATCH /conversations/{conversation_id}': 'body',
  'POST /conversations/{conversation_id}/toggle_status': 'body',
  'POST /conversations/{conversation_id}/toggle_priority': 'body',
  'POST /conversations/{conversation_id}/assignments': 'body',
  'POST /conversations/{conversation_id}/custom_attributes': 'body',
  'POST /conversations/{conversation_id}/labels': 'body',
  'POST /views': 'body',
  'PATCH /views/{view_id}': 'body',
  'GET /views/{view_id}/conversations': 'query',
  'GET /canned_responses': 'query',
  'POST /canned_responses': 'body',
  'PATCH /canned_responses/{canned_response_id}': 'body',
  'POST /canned_responses/{canned_response_id}/render': 'body',
  'PUT /inboxes/{inbox_id}/signature': 'body',
  'PUT /conversations/{conversation_id}/draft': 'body',
  'GET /conversations/{conversation_id}/messages': 'query',
  'POST /conversations/{conversation_id}/messages': 'body and key',
  'GET /conversations/{conversation_id}/messages/{message_id}': 'query',
  'PATCH /conversations/{conversation_id}/messages/{message_id}': 'body',
  'POST /conversations/{conversation_id}/participants': 'body',
  'PATCH /conversations/{conversation_id}/participants': 'body',
  'DELETE /conversations/{conversation_id}/participants': 'body',
  'POST /conversations/{conversation_id}/scheduled_messages': 'body',
  'PATCH /conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}': 'body',
  'GET /conversations/{conversation_id}/proposals': 'query',
  'POST /conversations/{conversation_id}/proposals': 'body',
  'POST /conversations/{conversation_id}/proposals/{proposal_id}/approve': 'body',
  'POST /conversations/{conversation_id}/proposals/{proposal_id}/refuse': 'body',
  'POST /macros': 'body',
  'PATCH /macros/{macro_id}': 'body',
  'POST /macros/{macro_id}/preview': 'body',
  'POST /macros/{macro_id}/execute': 'body',
  'POST /bulk_actions': 'body',
  'GET /notifications': 'query',
  'POST /notifications/read_all': 'body',
  'POST /notifications/destroy_all': 'body',
  'PATCH /notifications/{notification_id}': 'body',
  'PATCH /notification_settings': 'body',
  'POST /conversations/{conversation_id}/merge': 'body',
  'POST /conversations/{conversation_id}/split': 'body',
  'GET /conversations/{conversation_id}/moves': 'query',
  'GET /contacts/{contact_id}/conversations': 'query',
  'POST /actions/contact_merge': 'body',
  'POST /agents': 'body',
  'PATCH /agents/{agent_id}': 'body',
  'GET /events': 'query',
  'POST /conversations/{conversation_id}/toggle_typing_status': 'body',
  'POST /conversations/{conversation_id}/toggle_viewing_status': 'body',
  'POST /webhooks': 'body',
  'PATCH /webhooks/{webhook_id}': 'body',
  'GET /webhooks/{webhook_id}/deliveries': 'query',
  'POST /agent_bots': 'body',
  'PATCH /agent_bots/{agent_bot_id}': 'body',
  'POST /inboxes/{inbox_id}/agent_bot': 'body',
  'POST /conversations/{conversation_id}/spam': 'body',
  'POST /conversations/{conversation_id}/transcript': 'body',
  'POST /contacts/imports': 'body',
  'POST /contact_imports': 'body',
}

/** The calls below `/`. */
export interface ServerCalls {
  /** Check whether the server is ready. */
  'GET /health': (options?: CallOptions) => Promise<{
    status: 'ok'
    engine: string
  }>
  /** Find out whether this is the API. Programs for similar servers call it when they are set up. */
  'GET /api': (options?: CallOptions) => Promise<{
    /** Of the API, as in its paths. */
    version: string
    /** The time of the server in UTC: `2026-01-31 10:00:00`. */
    timestamp: string
    queue_services: 'ok'
    data_services: 'ok'
  }>
  /** Get your profile. With the accounts that the token can use. With a session, all accounts of the user. */
  'GET /api/v1/profile': (options?: CallOptions) => Promise<Profile>
  /** Change your name, availability, language or password. */
  'PATCH /api/v1/profile': (body: {
    name?: string
    /** In all accounts of the user. */
    availability?: 'online' | 'busy' | 'offline'
    ui_settings?: {
      /** The language of the dashboard. null: the language of the browser. */
      locale?: 'en' | 'ar' | 'de' | 'es' | 'fr' | 'pt-BR' | 'sw' | null
    }
    /** Requires `current_password`, and ends all other sessions. Must not be one of the most common passwords, or the name or e-mail address of the user. */
    password?: string
    current_password?: string
    /** With `password`: whether to end all access tokens of the user, too. Default: false. */
    end_tokens?: boolean
  }, options?: CallOptions) => Promise<Profile>
  /** List your access tokens. With a token, only tokens for the same account. */
  'GET /api/v1/profile/access_tokens': (options?: CallOptions) => Promise<{
    payload: AccessToken[]
  }>
  /** Create an access token. The token is shown only in this response. It is for one account, and ends when the user leaves that account. A token cannot create one with more scopes, for another account, or that expires later. A member can have at most 50 tokens that have not expired (409). */
  'POST /api/v1/profile/access_tokens': (body: {
    name: string
    /** Each scope includes the ones before it. */
    scopes: Array<'read' | 'write' | 'admin'>
    /** Unix seconds; null for a token that does not expire. Default: in 90 days. */
    expires_at?: number | null
    /** The account that the token can use. Required with a session if the user is a member of several. */
    account_id?: number
    /** Required with a session for the scope `admin`. */
    current_password?: string
  }, options?: CallOptions) => Promise<{
    id: number
    /** The user as whom a program with this token acts. */
    user_id: number
    /** The accounts that the token can use: one, unless it was created before tokens belonged to an account. A list for administrators contains only their own account. */
    account_ids: number[]
    name: string
    /** Each scope includes the ones before it. */
    scopes: Array<'read' | 'write' | 'admin'>
    /** Unix seconds */
    expires_at: number | null
    /** Unix seconds, to the minute. */
    last_used_at: number | null
    /** Unix seconds */
    created_at: number
    token: string
  }>
  /** Revoke an access token. It stops working from the next request on. */
  'DELETE /api/v1/profile/access_tokens/{access_token_id}': (access_token_id: number, options?: CallOptions) => Promise<void>
  /** List your sessions. The browsers in which you are signed in, most recently used first. */
  'GET /api/v1/profile/sessions': (options?: CallOptions) => Promise<{
    payload: Session[]
  }>
  /** End all other sessions. All except the one that makes this request. With a token, all. */
  'DELETE /api/v1/profile/sessions': (options?: CallOptions) => Promise<void>
  /** End a session. The browser is signed out from its next request on. */
  'DELETE /api/v1/profile/sessions/{session_id}': (session_id: number, options?: CallOptions) => Promise<void>
  /** Sign in. Sets the cookie `ndoto_session` (`__Host-ndoto_session` if the public address is https), which works like an access token. The session ends 30 days after its last use, and at most 90 days after it began. After 10 wrong passwords in 15 minutes for an e-mail address from one network (30 for any addresses, 100 for an address from anywhere) the response is 429. A browser in which the user has signed in before has its own limit. */
  'POST /auth/sign_in': (body: {
    email: string
    password: string
  }, options?: CallOptions) => Promise<Profile>
  /** Sign out. Ends the session of the cookie, and deletes the cookie. */
  'POST /auth/sign_out': (options?: CallOptions) => Promise<void>
  /** Show an invitation. Whom an invitation is for, and to which account, for the page on which it is accepted. The token of its link stays valid. It is in the body because addresses end up in logs. */
  'POST /auth/invitation/details': (body: {
    /** The part of the link after the #. */
    token: string
  }, options?: CallOptions) => Promise<Invitation>
  /** Accept an invitation. With the token of its link, once and within 7 days. Sets the password and signs in. If a member of another account already signs in with the address, that user joins this account, and must send their `current_password` and choose a new one. */
  'POST /auth/invitation': (body: {
    /** The part of the link after the #. */
    token: string
    /** Must not be one of the most common passwords, or the name or e-mail address of the user. */
    password: string
    /** Required if a member of another account already signs in with the address. */
    current_password?: string
    name?: string
  }, options?: CallOptions) => Promise<Profile>
  /** Request a link to reset a password. The response does not reveal whether a user has the address. */
  'POST /auth/password/forgot': (body: {
    email: string
  }, options?: CallOptions) => Promise<void>
  /** Reset a password. With the token of a link, once and within an hour. Ends all sessions of the user, and all access tokens unless `end_tokens` is false. */
  'POST /auth/password/reset': (body: {
    /** The part of the link after the #. */
    token: string
    /** Must not be one of the most common passwords, or the name or e-mail address of the user. */
    password: string
    /** Whether to end all access tokens of the user, too. Default: true. */
    end_tokens?: boolean
  }, options?: CallOptions) => Promise<void>
  /** Change your e-mail address. Mails a link to the new address, which must be opened within an hour. Until then you sign in with the old one. Requires your password, and a mail server (409 without one). */
  'POST /api/v1/profile/email': (body: {
    email: string
    current_password: string
  }, options?: CallOptions) => Promise<void>
  /** Confirm a new e-mail address. With the token of its link, once and within an hour. The old address is notified. */
  'POST /auth/email': (body: {
    /** The part of the link after the #. */
    token: string
  }, options?: CallOptions) => Promise<void>
  /** List the browsers that show you notifications. The newest first. `meta.server_key` is the `applicationServerKey` with which a browser subscribes. */
  'GET /api/v1/notification_subscriptions': (options?: CallOptions) => Promise<{
    meta: {
      server_key: string
    }
    payload: NotificationSubscription[]
  }>
  /** Show notifications in this browser. For the session of the request (409 with a token). It ends with the session, and when the push service no longer knows the subscription. An earlier one of the session, or of the browser, is replaced. A user has at most 20; a further one replaces the oldest. */
  'POST /api/v1/notification_subscriptions': (body: {
    subscription_type?: 'browser_push'
    /** What `PushManager.subscribe()` returns, with the server key of the list. */
    subscription_attributes: {
      endpoint: string
      p256dh: string
      auth: string
    }
    /** Whether the messages contain names and texts. The device may show them on its locked screen. By default false. */
    shows_text?: boolean
  }, options?: CallOptions) => Promise<NotificationSubscription>
  /** End notifications in a browser. */
  'DELETE /api/v1/notification_subscriptions/{notification_subscription_id}': (notification_subscription_id: number, options?: CallOptions) => Promise<void>
  /** Send a notification to a browser, as a test. */
  'POST /api/v1/notification_subscriptions/{notification_subscription_id}/test': (notification_subscription_id: number, options?: CallOptions) => Promise<void>
}

export const serverInputs: Inputs = {
  'PATCH /api/v1/profile': 'body',
  'POST /api/v1/profile/access_tokens': 'body',
  'POST /auth/sign_in': 'body',
  'POST /auth/invitation/details': 'body',
  'POST /auth/invitation': 'body',
  'POST /auth/password/forgot': 'body',
  'POST /auth/password/reset': 'body',
  'POST /api/v1/profile/email': 'body',
  'POST /auth/email': 'body',
  'POST /api/v1/notification_subscriptions': 'body',
}
