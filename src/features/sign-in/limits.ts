import { randomUUID } from 'node:crypto'
import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { normalizeEmail } from '../../lib/email.ts'

const day = 24 * 60 * 60 * 1000

/** A counted attempt to sign in. */
export interface Attempt {
  id: string
  /** The count of this browser or network for the e-mail address. A success resets it. */
  own: Subject
  /** Counts that may include other people's failures, so a success removes only this attempt from them. */
  shared: Subject[]
}

/** An attempt that was refused without checking the password. */
export interface LimitExceeded {
  /** Seconds until the next attempt is possible. */
  wait: number
  /** Whether to notify the owner of the e-mail address. */
  shouldNotify: boolean
}

/**
 * Counts an attempt to sign in, or refuses it. The limits on failed attempts in 15 minutes are 10 for one e-mail
 * address from one network, 30 from one network for any e-mail addresses, and 100 for one e-mail address from all
 * networks. An attacker could use the last limit to lock out the owner of an e-mail address, so a `device` that has
 * signed in before has its own limit of 10 instead.
 */
export async function countSignIn(
  tx: Queries,
  email: string,
  ipAddress: string,
  device: string | undefined,
): Promise<Attempt | LimitExceeded> {
  const id = randomUUID()
  const own = device ? emailAndDeviceSubject(email, device) : emailAndNetworkSubject(email, ipAddress)
  if (device) {
    const wait = await countAttempt(tx, [own], id)
    return wait > 0 ? { wait, shouldNotify: false } : { id, own, shared: [] }
  }
  const network = { name: `sign in from ${networkOf(ipAddress)}`, limit: 30 }
  const wait = await countAttempt(tx, [own, network], id)
  if (wait > 0) return { wait, shouldNotify: false }
  // Counted last: attempts that are refused for one network must not use up the limit for all networks.
  const allNetworks = emailSubject(email)
  const allNetworksWait = await countAttempt(tx, [allNetworks], id)
  if (allNetworksWait === 0) return { id, own, shared: [network, allNetworks] }
  const notice = { name: `notice to ${normalizeEmail(email)}`, limit: 1, window: day }
  return { wait: allNetworksWait, shouldNotify: (await countAttempt(tx, [notice])) === 0 }
}

/** Stops counting an attempt that was successful, and resets its own limit. */
export async function forgetSignIn(tx: Queries, { id, own, shared }: Attempt): Promise<void> {
  await forgetAttempts(tx, [own])
  if (shared.length > 0) await forgetAttempts(tx, shared, id)
}

/** Resets the limits on an e-mail address after its owner has set a new password with a link. */
export function forgetFailures(tx: Queries, email: string, ipAddress: string): Promise<void> {
  return forgetAttempts(tx, [emailAndNetworkSubject(email, ipAddress), emailSubject(email)])
}

function emailAndNetworkSubject(email: string, ipAddress: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)} from ${networkOf(ipAddress)}`, limit: 10 }
}

function emailAndDeviceSubject(email: string, device: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)} with ${device}`, limit: 10 }
}

function emailSubject(email: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)}`, limit: 100 }
}
