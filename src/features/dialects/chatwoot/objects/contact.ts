import { toSeconds } from '../../../../lib/time.ts'
import type { Contact as MainContact } from '../../../contacts/schema.ts'
import type { RelatedRow } from '../related.store.ts'
import { type SlimInbox, slimInbox } from './inbox.ts'

/** A contact as the main API shows it, as far as this dialect does. */
export type ContactFields = Omit<MainContact, 'labels' | 'contact_inboxes' | 'company_id' | 'company'> & {
  company?: { name: string } | null
}

/** The fields of a stored contact. */
export function contactFields(row: RelatedRow<'contacts'>): ContactFields {
  const { avatar_url, blocked, company_name, ...fields } = row
  return {
    ...fields,
    blocked: blocked === 1,
    thumbnail: avatar_url,
    company: company_name === null ? null : { name: company_name },
    last_activity_at: toSeconds(row.last_activity_at),
    created_at: toSeconds(row.created_at),
    custom_attributes: JSON.parse(row.custom_attributes),
    additional_attributes: JSON.parse(row.additional_attributes),
  }
}

/** What other systems know about a contact, with the name of its company: Chatwoot has it there. */
export function additionalAttributes({ additional_attributes, company }: ContactFields) {
  return company ? { ...additional_attributes, company_name: company.name } : additional_attributes
}

/** A contact as messages and events show it: Chatwoot's `Contact#push_event_data`. */
export function contactPush(contact: ContactFields) {
  return {
    additional_attributes: additionalAttributes(contact),
    custom_attributes: contact.custom_attributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phone_number,
    thumbnail: contact.thumbnail ?? '',
    blocked: contact.blocked,
    type: 'contact' as const,
  }
}
export type ContactPush = ReturnType<typeof contactPush>

/** A contact at an inbox. `source_id` is null if no program has chosen a name there. */
export interface ContactInbox {
  source_id: string | null
  inbox: SlimInbox
}

/** A contact as lists of contacts and conversations show it. */
export function toContact(contact: ContactFields, contactInboxes?: ContactInbox[]) {
  return {
    additional_attributes: additionalAttributes(contact),
    // Chatwoot shows who is connected. Here that is only in events.
    availability_status: 'offline',
    email: contact.email,
    id: contact.id,
    name: contact.name,
    phone_number: contact.phone_number,
    blocked: contact.blocked,
    identifier: contact.identifier,
    thumbnail: contact.thumbnail ?? '',
    custom_attributes: contact.custom_attributes,
    // JSON leaves out what is undefined.
    last_activity_at: contact.last_activity_at ?? undefined,
    created_at: contact.created_at,
    contact_inboxes: contactInboxes,
  }
}

/** The inboxes of a contact, with the type of each from `inboxes`. */
export function toContactInboxes(
  { contact_inboxes = [] }: MainContact,
  inboxes: Map<number, RelatedRow<'inboxes'>>,
): ContactInbox[] {
  return contact_inboxes.flatMap(({ source_id, inbox }) => {
    const row = inboxes.get(inbox.id)
    return row ? [{ source_id, inbox: slimInbox(row) }] : []
  })
}
