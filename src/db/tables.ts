/**
 * The tables of both engines. Each folder that has tables adds them here, in its `tables.ts`; migrations create them, and
 * contain the keys and references. Times are milliseconds since 1970, booleans are 0 or 1, JSON is text. The rows of an
 * account have keys that start with `account_id`, and ids that count from 1 within the account.
 */
export interface Tables {
  attempts: Attempt
  counters: Counter
  secret_keys: SecretKeyRow
}

export interface Timestamps {
  created_at: number
  updated_at: number
}

/** The last id of a kind that was used in an account. */
interface Counter {
  account_id: number
  name: string
  value: number
}

/** An attempt to sign in that has failed, or is still being checked. */
interface Attempt {
  /** SHA-256 in hex of the subject's name; see attempts.ts. */
  subject: string
  id: string
  created_at: number
  expires_at: number
}

/** A key with which secrets are encrypted; see secret-keys.ts. */
export interface SecretKeyRow {
  fingerprint: string
  created_at: number
  /** When all secrets were encrypted with it; null while that is going on. */
  sealed_at: number | null
}
