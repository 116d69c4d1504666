import { reportDelivery } from '../../../customers/delivery-status.ts'
import { advanceStatus, type StatusReport } from '../../../messages/change.ts'
import { readMessageId } from '../anchors.ts'
import type { Arrival, MailResult } from '../arrival.ts'
import { type DeliveryReport, readDeliveryReport } from './delivery-report.ts'

// Message-IDs without a signature that are looked up.
const mostLookups = 5

/**
 * Records a report about the delivery of a mail at the message that was sent as this mail, which becomes `failed` with the
 * reason. A report about a mail that nobody knows stays an ordinary mail: it must not be lost.
 */
export async function recordDeliveryReport(arrival: Arrival): Promise<MailResult | undefined> {
  const report = readDeliveryReport(arrival.mail)
  if (!report) return undefined
  return (await recordAtOwn(arrival, report)) || (await recordAtKnown(arrival, report))
    ? { state: 'handled' }
    : undefined
}

/** A mail that was sent from here is recognized by its Message-ID, even if its delivery is not recorded yet. */
async function recordAtOwn({ context, inbox, key }: Arrival, report: DeliveryReport): Promise<boolean> {
  for (const messageId of report.messageIds) {
    const own = readMessageId(key, messageId)
    if (own?.account_id !== inbox.account_id) continue
    const status = statusOf(report)
    if (status) await context.database.transaction(own.account_id, (tx) => advanceStatus(tx, own, status))
    return true
  }
  return false
}

async function recordAtKnown({ context, inbox }: Arrival, report: DeliveryReport): Promise<boolean> {
  const status = statusOf(report) ?? { status: 'sent' }
  for (const messageId of report.messageIds.slice(0, mostLookups)) {
    if (messageId.length <= 255 && (await reportDelivery(context, inbox, messageId, status))) return true
  }
  return false
}

/** What becomes of the message; undefined if the report changes nothing. */
function statusOf({ outcome, reason }: DeliveryReport): StatusReport | undefined {
  if (outcome === 'delayed') return undefined
  return outcome === 'failed' ? { status: 'failed', external_error: reason } : { status: 'delivered' }
}
