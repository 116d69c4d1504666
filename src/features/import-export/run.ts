import type { Database, Queries } from '../../db/database.ts'
import { type FieldError, Refusal } from '../../lib/errors.ts'
import { systemOf } from '../conversations/service.ts'
import { listInboxes } from '../inboxes/service.ts'

/** What is wrong with a line of a file: a sentence that names the field. */
export interface Fault {
  line: number
  sentence: string
  /** Whether the line would have been a conversation. */
  isConversation?: boolean
}

/** Lines of a kind: how many were stored, were there already, and were left out because of a fault. */
export interface Count {
  stored: number
  known: number
  leftOut: number
}

/** One run of an import. */
export interface Run {
  database: Database
  accountId: number
  /** Where everything goes, whatever inbox the lines name. */
  inboxId: number | undefined
  /** Looks at everything and stores nothing. */
  dryRun: boolean
  inboxes: Inboxes
  /** Between two transactions, so that others get their turn. */
  rest(): Promise<void>
}

/** What a batch has come to. */
export interface Outcome {
  faults: Fault[]
  counts: Record<string, Count>
}

/**
 * Runs a batch: `plan` decides, from what is stored, what is to be done and stores it where `mayWrite` is true. On
 * PostgreSQL it may run again.
 */
export function runBatch<T>(run: Run, plan: (queries: Queries, mayWrite: boolean) => Promise<T>): Promise<T> {
  if (run.dryRun) return plan(run.database.read, false)
  return run.database.transaction(run.accountId, (tx) => plan(tx, true))
}

/** The inboxes of an account by their names. */
export class Inboxes {
  readonly #ids: Map<string, number[]>
  readonly #only: number | undefined

  private constructor(ids: Map<string, number[]>, only: number | undefined) {
    this.#ids = ids
    this.#only = only
  }

  static async of(queries: Queries, accountId: number, only: number | undefined): Promise<Inboxes> {
    const ids = new Map<string, number[]>()
    for (const { id, name } of await listInboxes(queries, systemOf(accountId))) {
      ids.set(name, [...(ids.get(name) ?? []), id])
    }
    if (only !== undefined && ![...ids.values()].flat().includes(only)) {
      throw new Refusal('invalid', `Account ${accountId} has no inbox ${only}.`)
    }
    return new Inboxes(ids, only)
  }

  /** The inbox that a line names; where it goes at all events if the run says so. Gives a sentence where that is unclear. */
  find(name: string | undefined): number | string {
    if (this.#only !== undefined) return this.#only
    if (name === undefined) return 'is required where no --inbox is given'
    const ids = this.#ids.get(name) ?? []
    if (ids.length === 1) return ids[0]!
    return ids.length === 0
      ? 'names no inbox of this account'
      : `is the name of ${ids.length} inboxes: rename one, or give --inbox`
  }
}

export function sentenceOf(errors: FieldError[]): string {
  return errors.map(({ field, message }) => (field ? `${field} ${message}` : message)).join('; ')
}
