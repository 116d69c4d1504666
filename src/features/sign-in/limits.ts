import { randomUUID } from 'node:crypto'
import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { normalizeEmail } from '../../lib/email.ts'

const day = 24 * 60 * 60 * 1000

/** An attempt to sign in that was counted. */
export interface Attempt {
  id: string
  /** Reset by a success. */
  own: Subject
  /** Not reset by a success, only reduced by this attempt: they may contain failures of others. */
  shared: Subject[]
}

/** A refused attempt. */
export interface LimitExceeded {
  /** Seconds until the next attempt is possible. */
  wait: number
  /** Whether to notify the owner of the address. */
  shouldNotify: boolean
}

/**
 * Counts an attempt to sign in, or refuses it. In 15 minutes, 10 attempts can fail for an e-mail address from one network,
 * 30 from one network for any address, and 100 for an address from anywhere. An attacker could use the last limit to lock
 * out the owner of an address, so a `device` that has signed in before has its own limit of 10 instead.
 */
export async function countSignIn(
  tx: Queries,
  email: string,
  address: string,
  device: string | undefined,
): Promise<Attempt | LimitExceeded> {
  const id = randomUUID()
  const own = device ? deviceSubject(email, device) : networkSubject(email, address)
  if (device) {
    const wait = await countAttempt(tx, [own], id)
    return wait > 0 ? { wait, shouldNotify: false } : { id, own, shared: [] }
  }
  const network = { name: `sign in from ${networkOf(address)}`, limit: 30 }
  const wait = await countAttempt(tx, [own, network], id)
  if (wait > 0) return { wait, shouldNotify: false }
  // Counted last: attempts that are refused for one network must not use up the limit for all networks.
  const anywhere = emailSubject(email)
  const anywhereWait = await countAttempt(tx, [anywhere], id)
  if (anywhereWait === 0) return { id, own, shared: [network, anywhere] }
  const notice = { name: `notice to ${normalizeEmail(email)}`, limit: 1, window: day }
  return { wait: anywhereWait, shouldNotify: (await countAttempt(tx, [notice])) === 0 }
}

/** Takes back an attempt that was successful. */
export async function forgetSignIn(tx: Queries, { id, own, shared }: Attempt): Promise<void> {
  await forgetAttempts(tx, [own])
  if (shared.length > 0) await forgetAttempts(tx, shared, id)
}

/** Resets the limits of a user who has proved with a link that the e-mail address is theirs. */
export function forgetFailures(tx: Queries, email: string, address: string): Promise<void> {
  return forgetAttempts(tx, [networkSubject(email, address), emailSubject(email)])
}

function networkSubject(email: string, address: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)} from ${networkOf(address)}`, limit: 10 }
}

function deviceSubject(email: string, device: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)} with ${device}`, limit: 10 }
}

function emailSubject(email: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)}`, limit: 100 }
}
