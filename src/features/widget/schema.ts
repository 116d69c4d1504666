import type { PreChatForm } from '../inboxes/schema.ts'

/** The settings in the page of the frame, as JSON in its `<meta name="ndoto">`. */
export interface FrameSettings {
  /** The `inbox_identifier`. */
  inbox: string
  title: string
  greeting: string | null
  /** For example `#2b5fd9`. */
  color: string
  position: 'right' | 'left'
  /** The members of the inbox, shown until one of them has answered; empty if the inbox does not show its agents. */
  agents: { name: string; avatar_url: string | null }[]
  /** The origins whose pages may contain the frame, in the form of `frame-ancestors`. */
  origins: string[]
  /** Whether somebody is online who answers in the inbox. */
  available: boolean
  /** Whether agents see where visitors are. */
  record_visits: boolean
  /** Whether visitors are asked for their e-mail address. */
  ask_email: boolean
  /** What is asked for before the first message; null if nothing. */
  pre_chat: PreChatForm | null
  /** Whether an identifier needs a proof. */
  identity_validation: boolean
  /** The size limit of a file, in bytes. */
  max_file_size: number
}
