import { Slot } from '../../lib/slot.ts'
import type { Availability } from './schema.ts'

/** The status of a user, as everybody sees it: what they have chosen, and offline if they have no stream open. */
export function statusOf(availability: Availability, isConnected: boolean): Availability {
  return isConnected ? availability : 'offline'
}

/** What must happen after a user has chosen another availability. The feature `realtime` provides it. */
export interface AvailabilityChanges {
  /** Sends the status of a user to the open streams of an account. Call it after the transaction. */
  announce(accountId: number, userId: number): void
}
export const availabilityChanges = new Slot<AvailabilityChanges>('availability changes')
