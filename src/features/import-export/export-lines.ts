import type {
  selectContactInboxes,
  selectContacts,
  selectConversationsAfter,
  selectMessagesAfter,
} from './export.store.ts'
import { type ImportedContact, toTime } from './schema.ts'
import { generatedSourceId } from './source-ids.ts'

type Rows<F extends (...some: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>[number]

/** A contact for an export. Without any name or address it gets a generated `source_id` at the inbox `fallback`. */
export function exportedContact(
  row: Rows<typeof selectContacts>,
  inboxRows: Rows<typeof selectContactInboxes>[],
  labels: string[],
  company: string | undefined,
  fallback: string | undefined,
): ImportedContact {
  // At an inbox without a name, a generated one, to which conversations can refer.
  const contactInboxes = [...Map.groupBy(inboxRows, ({ name }) => name)].flatMap(([inbox, rows]) => {
    const names = rows.flatMap(({ source_id, has_name }) => (has_name === 1 ? source_id : []))
    return (names.length > 0 ? names : [generatedSourceId(row)]).map((source_id) => ({ inbox, source_id }))
  })
  const isIdentified =
    contactInboxes.length > 0 || row.email !== null || row.phone_number !== null || row.identifier !== null
  if (!isIdentified && fallback !== undefined) {
    contactInboxes.push({ inbox: fallback, source_id: generatedSourceId(row) })
  }
  return {
    name: row.name,
    email: row.email,
    phone_number: row.phone_number,
    identifier: row.identifier,
    ...(company === undefined ? {} : { company }),
    thumbnail: row.avatar_url,
    created_at: toTime(row.created_at),
    ...(row.blocked === 1 ? { blocked: true } : {}),
    ...(row.last_activity_at === null ? {} : { last_activity_at: toTime(row.last_activity_at) }),
    ...(row.custom_attributes === '{}' ? {} : { custom_attributes: JSON.parse(row.custom_attributes) }),
    ...(row.additional_attributes === '{}'
      ? {}
      : { additional_attributes: JSON.parse(row.additional_attributes) }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(contactInboxes.length === 0 ? {} : { contact_inboxes: contactInboxes }),
  }
}

/** A conversation as a line, without fields that have their default value. */
export function conversationLine(row: Rows<typeof selectConversationsAfter>, labels: string[]): string {
  return toLine({
    type: 'conversation',
    source_id: row.origin_id ?? generatedSourceId(row),
    inbox: row.inbox,
    contact:
      row.contact_name ?? generatedSourceId({ id: row.contact_id, created_at: row.contact_created_at }),
    subject: row.subject ?? undefined,
    status: row.status,
    snoozed_until: optionalTime(row.snoozed_until),
    priority: row.priority ?? undefined,
    assignee: row.assignee ?? undefined,
    team: row.team ?? undefined,
    labels: labels.length > 0 ? labels : undefined,
    unread_count: row.unread_count || undefined,
    agent_last_seen_at: optionalTime(row.agent_last_seen_at),
    contact_last_seen_at: optionalTime(row.contact_last_seen_at),
    custom_attributes: optionalObject(row.custom_attributes),
    additional_attributes: optionalObject(row.additional_attributes),
    created_at: toTime(row.created_at),
    updated_at: row.updated_at > row.created_at ? toTime(row.updated_at) : undefined,
  })
}

/** An attachment of a message in an export; `file` is its path in the folder. */
export interface ExportFile {
  file: string
  file_name: string
  media_type: string
}

/** A message as a line, without fields that have their default value. */
export function messageLine(row: Rows<typeof selectMessagesAfter>, files: ExportFile[]): string {
  const isDeleted = row.deleted_at !== null
  return toLine({
    type: 'message',
    // An import stores one message for each `source_id` of a conversation.
    source_id: row.is_repeated === 1 ? generatedSourceId(row) : (row.source_id ?? generatedSourceId(row)),
    message_type: row.message_type,
    sender: row.sender ?? undefined,
    content: row.content || undefined,
    content_type: row.content_type === 'text' ? undefined : row.content_type,
    content_attributes: isDeleted ? undefined : optionalObject(row.content_attributes),
    private: row.private === 1 || undefined,
    status: row.status === 'sent' ? undefined : row.status,
    echo_id: row.echo_id ?? undefined,
    attachments: files.length > 0 ? files : undefined,
    created_at: toTime(row.created_at),
    updated_at: row.updated_at > row.created_at ? toTime(row.updated_at) : undefined,
    deleted_at: optionalTime(row.deleted_at),
  })
}

function toLine(record: Record<string, unknown>): string {
  return `${JSON.stringify(record)}\n`
}

function optionalTime(milliseconds: number | null): number | undefined {
  return milliseconds === null ? undefined : toTime(milliseconds)
}

function optionalObject(text: string): unknown {
  return text === '{}' ? undefined : JSON.parse(text)
}
