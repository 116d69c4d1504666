import type {
  selectContacts,
  selectConversationsAfter,
  selectMessagesAfter,
  selectNames,
} from './export.store.ts'
import { nameOf } from './names.ts'
import { type ImportedContact, toTime } from './schema.ts'

type Rows<F extends (...some: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>[number]

/** A contact as a file has it. `fallback` is the inbox at which one that nothing names gets a name. */
export function exportedContact(
  row: Rows<typeof selectContacts>,
  names: Rows<typeof selectNames>[],
  fallback: string | undefined,
): ImportedContact {
  // At an inbox where no program has named it, one that conversations can refer to.
  const doors = [...Map.groupBy(names, ({ name }) => name)].flatMap(([inbox, own]) => {
    const chosen = own.flatMap(({ source_id, has_name }) => (has_name === 1 ? source_id : []))
    return (chosen.length > 0 ? chosen : [nameOf(row)]).map((source_id) => ({ inbox, source_id }))
  })
  const isNamed =
    doors.length > 0 || row.email !== null || row.phone_number !== null || row.identifier !== null
  if (!isNamed && fallback !== undefined) doors.push({ inbox: fallback, source_id: nameOf(row) })
  return {
    name: row.name,
    email: row.email,
    phone_number: row.phone_number,
    identifier: row.identifier,
    thumbnail: row.avatar_url,
    created_at: toTime(row.created_at),
    ...(row.blocked === 1 ? { blocked: true } : {}),
    ...(row.last_activity_at === null ? {} : { last_activity_at: toTime(row.last_activity_at) }),
    ...(row.custom_attributes === '{}' ? {} : { custom_attributes: JSON.parse(row.custom_attributes) }),
    ...(doors.length === 0 ? {} : { contact_inboxes: doors }),
  }
}

/** A conversation as a line; what is as it would be without being told is left out. */
export function conversationLine(row: Rows<typeof selectConversationsAfter>, labels: string[]): string {
  return lineOf({
    type: 'conversation',
    source_id: row.origin_id ?? nameOf(row),
    inbox: row.inbox,
    contact: row.contact_name ?? nameOf({ id: row.contact_id, created_at: row.contact_created_at }),
    status: row.status,
    snoozed_until: timeOf(row.snoozed_until),
    priority: row.priority ?? undefined,
    assignee: row.assignee ?? undefined,
    team: row.team ?? undefined,
    labels: labels.length > 0 ? labels : undefined,
    unread_count: row.unread_count || undefined,
    agent_last_seen_at: timeOf(row.agent_last_seen_at),
    contact_last_seen_at: timeOf(row.contact_last_seen_at),
    custom_attributes: objectOf(row.custom_attributes),
    created_at: toTime(row.created_at),
    updated_at: row.updated_at > row.created_at ? toTime(row.updated_at) : undefined,
  })
}

/** A file of a message, as it lies beside the lines. */
export interface ExportedFile {
  file: string
  file_name: string
  media_type: string
}

/** A message as a line. */
export function messageLine(row: Rows<typeof selectMessagesAfter>, files: ExportedFile[]): string {
  const isDeleted = row.deleted_at !== null
  return lineOf({
    type: 'message',
    source_id: row.source_id ?? nameOf(row),
    message_type: row.message_type,
    sender: row.sender ?? undefined,
    content: row.content || undefined,
    content_type: row.content_type === 'text' ? undefined : row.content_type,
    content_attributes: isDeleted ? undefined : objectOf(row.content_attributes),
    private: row.private === 1 || undefined,
    status: row.status === 'sent' ? undefined : row.status,
    echo_id: row.echo_id ?? undefined,
    attachments: files.length > 0 ? files : undefined,
    created_at: toTime(row.created_at),
    updated_at: row.updated_at > row.created_at ? toTime(row.updated_at) : undefined,
    deleted_at: timeOf(row.deleted_at),
  })
}

function lineOf(record: Record<string, unknown>): string {
  return `${JSON.stringify(record)}\n`
}

function timeOf(milliseconds: number | null): number | undefined {
  return milliseconds === null ? undefined : toTime(milliseconds)
}

function objectOf(text: string): unknown {
  return text === '{}' ? undefined : JSON.parse(text)
}
