import type { LoggedEvent } from '../../events/read.ts'
import type { Access } from './visibility.ts'

/** A user or customer who gets the events of an account. */
export interface Subscriber {
  accountId: number
  /** The events that they may see now. */
  access: Access
  /** Reads their access again. Resolves to undefined if they have lost it. */
  findAccess: () => Promise<Access | undefined>
  /** Whether an open stream makes the user online. */
  isPresent?: boolean
  /** The JSON of an event for this subscriber, or undefined to leave it out. By default, `eventJson`. */
  render?: (event: LoggedEvent) => string | undefined
}
