import type { Generated } from 'kysely'
import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    contacts: Contact
    contact_inboxes: ContactInbox
    contact_secrets: ContactSecret
    contact_counts: ContactCount
    contact_labels: ContactLabel
  }
}

interface Contact extends Timestamps {
  account_id: number
  id: number
  name: string
  email: string | null
  phone_number: string | null
  identifier: string | null
  blocked: number
  avatar_url: string | null
  custom_attributes: string
  additional_attributes: Generated<string>
  last_activity_at: number | null
  company_id: Generated<number | null>
}

interface ContactInbox {
  account_id: number
  inbox_id: number
  /** The name that a program has chosen; a key that nobody sees if it has none. */
  source_id: string
  contact_id: number
  created_at: number
  has_name: Generated<number>
}

/** How many contacts an account has. Only triggers write it. */
interface ContactCount {
  account_id: number
  value: number
}

interface ContactLabel {
  account_id: number
  contact_id: number
  label_id: number
}

/** What opens a contact at an inbox on the client API: only its SHA-256 is stored. */
interface ContactSecret {
  account_id: number
  inbox_id: number
  hash: string
  contact_id: number
  created_at: number
}
