import type { Generated } from 'kysely'
import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    accounts: Account
  }
}

interface Account extends Timestamps {
  id: Generated<number>
  name: string
  /** Increases when a user or bot of the account is renamed; part of the version of each conversation. */
  senders_version: Generated<number>
}
