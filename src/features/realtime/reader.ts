import type { LoggedEvent } from '../../events/read.ts'
import type { Access } from './hearing.ts'

/** Who asks for the events of an account. */
export interface Reader {
  accountId: number
  /** What they may hear now. */
  access: Access
  /** Finds what they may hear by then; undefined where it is nothing any more. */
  findAccess: () => Promise<Access | undefined>
  /** Whether a stream of theirs makes them online. */
  isPresent?: boolean
  /** The JSON that they are shown of an event; undefined where it says nothing to them. Without it, what the log says. */
  show?: (event: LoggedEvent) => string | undefined
}
