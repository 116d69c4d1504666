import type { Database, Queries } from '../../db/database.ts'
import type { Files } from '../../files/open.ts'
import { systemOf } from '../../lib/actor.ts'
import { type FieldError, Refusal } from '../../lib/errors.ts'
import { listInboxNames } from '../inboxes/service.ts'

/** An error in a line of a file; the sentence names the field. */
export interface Fault {
  line: number
  sentence: string
  /** Whether the line is a conversation. */
  isConversation?: boolean
}

/** Lines of one type: how many were stored, existed already (`known`), or were left out because of a fault. */
export interface Count {
  stored: number
  known: number
  leftOut: number
}

/** Where an import stores, and how. */
export interface ImportTarget {
  database: Database
  accountId: number
  /** The inbox of everything, overriding the inbox of each line; undefined to use the inbox of each line. */
  inboxId: number | undefined
  /** Checks everything and stores nothing. */
  dryRun: boolean
  /** Waits between two transactions, so that a running server can write. */
  rest(): Promise<void>
  files: Files
  /** Bytes of the largest file of a message. */
  maxFileSize: number
}

/** Called while an import runs. */
export interface ImportListener {
  /** Gets the bytes read, the size of the file in bytes, and the number of lines or mails. */
  progress(done: number, all: number, count: number, unit: 'lines' | 'mails'): void
  fault(file: string, fault: Fault): void
}

/** One run of an import. */
export interface Run {
  database: Database
  accountId: number
  /** The inbox of everything, overriding the inbox of each line; undefined to use the inbox of each line. */
  inboxId: number | undefined
  /** Checks everything and stores nothing. */
  dryRun: boolean
  inboxes: Inboxes
  /** Waits between two transactions, so that a running server can write. */
  rest(): Promise<void>
}

/** The result of a batch. */
export interface Outcome {
  faults: Fault[]
  counts: Record<string, Count>
}

/**
 * Runs a batch: `plan` reads what is stored, decides what to add, and stores it if `mayWrite` is true. On PostgreSQL it can
 * run more than once, because a transaction that failed because of another one is repeated.
 */
export function runBatch<T>(run: Run, plan: (queries: Queries, mayWrite: boolean) => Promise<T>): Promise<T> {
  if (run.dryRun) return plan(run.database.read, false)
  return run.database.transaction(run.accountId, (tx) => plan(tx, true))
}

/** Finds the inboxes of an account by their names. */
export class Inboxes {
  readonly #ids: Map<string, number[]>
  readonly #only: number | undefined

  private constructor(ids: Map<string, number[]>, only: number | undefined) {
    this.#ids = ids
    this.#only = only
  }

  /** Loads the inboxes. Throws `invalid` if the account has no inbox with the id `only`. */
  static async of(queries: Queries, accountId: number, only: number | undefined): Promise<Inboxes> {
    const ids = new Map<string, number[]>()
    for (const { id, name } of await listInboxNames(queries, systemOf(accountId))) {
      ids.set(name, [...(ids.get(name) ?? []), id])
    }
    if (only !== undefined && ![...ids.values()].flat().includes(only)) {
      throw new Refusal('invalid', `Account ${accountId} has no inbox ${only}.`)
    }
    return new Inboxes(ids, only)
  }

  /** The inbox of a line, or that of the whole import. Returns a sentence if the name is missing, unknown or ambiguous. */
  find(name: string | undefined): number | string {
    if (this.#only !== undefined) return this.#only
    if (name === undefined) return 'is required without --inbox'
    const ids = this.#ids.get(name) ?? []
    if (ids.length === 1) return ids[0]!
    return ids.length === 0
      ? 'names no inbox of this account'
      : `is the name of ${ids.length} inboxes: rename one, or use --inbox`
  }
}

/** The messages of validation errors as one sentence. */
export function sentenceOf(errors: FieldError[]): string {
  return errors.map(({ field, message }) => (field ? `${field} ${message}` : message)).join('; ')
}
