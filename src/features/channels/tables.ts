declare module '../../db/tables.ts' {
  interface Tables {
    channel_targets: ChannelTarget
    inbox_leases: InboxLease
    mailboxes: Mailbox
    mail_folders: MailFolder
    mails: Mail
    mail_people: MailPerson
    automatic_mails: AutomaticMail
  }
}

/** The target of the messages that agents write in an inbox; see `deliveries/`. */
interface ChannelTarget {
  account_id: number
  inbox_id: number
  target_id: number
}

/** The node that receives the messages of an inbox. */
interface InboxLease {
  account_id: number
  inbox_id: number
  holder: string
  /** By the clock of the database. */
  expires_at: number
}

/** What an e-mail inbox needs in addition to its settings. */
interface Mailbox {
  account_id: number
  inbox_id: number
  /** The key of the hashes in its Message-IDs and addresses. Sealed. */
  anchor_key: string
  state: string
  /** Why its mails cannot be fetched; a sentence for administrators. */
  error: string | null
  failing_since: number | null
  /** When administrators got a mail about the failure. */
  told_at: number | null
  connected_at: number | null
  /** When its newest mail was stored. */
  received_at: number | null
  /** Milliseconds from the arrival of its newest mail in the mailbox until it was stored. */
  lag: number | null
  /** The newest token of a provider that replaces it with each use. Sealed. */
  refresh_token: string | null
  /** The hash of the token in the settings that it has replaced. */
  refresh_token_of: string | null
  created_at: number
}

/** Up to where a folder of a mailbox was read. */
interface MailFolder {
  account_id: number
  inbox_id: number
  folder: string
  uid_validity: number
  last_uid: number
  /** Mails with a smaller UID may be known: the UIDVALIDITY of the folder has changed. */
  known_until: number
}

/** The file with the raw mail of a message. */
interface Mail {
  account_id: number
  message_id: number
  conversation_id: number
  file_key: string
}

/** An address that takes part in a conversation. */
interface MailPerson {
  account_id: number
  conversation_id: number
  address: string
}

/** An automatic mail that an address has got. */
interface AutomaticMail {
  account_id: number
  address_hash: string
  sent_at: number
}

export {}
