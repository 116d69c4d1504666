import type { Queries } from '../db/database.ts'
import { selectFailing } from '../features/channels/email/mailbox.store.ts'
import type { Finding } from './finding.ts'

const mostShown = 20

/** Looks for mailboxes that cannot be read, in a database of the newest format. */
export async function mailboxFindings(queries: Queries): Promise<Finding[]> {
  const failing = await selectFailing(queries, mostShown)
  return failing.map(({ name, error, failing_since }) => {
    const since =
      failing_since === null ? '' : ` since ${new Date(failing_since).toISOString().slice(0, 16)}Z`
    return {
      state: 'bad' as const,
      text: `the mails of the inbox "${name}" have not been fetched${since}: ${error}`,
      advice: 'correct the settings of the inbox, or the mail server; no mail is lost meanwhile',
    }
  })
}
