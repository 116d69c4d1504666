import { signal } from '@preact/signals'
import type { Message } from '../data/api-types.ts'

/** What a mail is written for: to forward a message, or to begin a conversation with somebody. */
export type MailPurpose = { forwarded: Message } | { to: string }

/** The purpose of the dialog that is open. */
export const mailPurpose = signal<MailPurpose | undefined>(undefined)

/** Opens the dialog that writes a mail. */
export function openMailDialog(purpose: MailPurpose): void {
  mailPurpose.value = purpose
}
