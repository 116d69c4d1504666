import { randomUUID } from 'node:crypto'
import { countAttempt, forgetAttempts, type Subject } from '../../db/attempts.ts'
import type { Queries } from '../../db/database.ts'
import { networkOf } from '../../lib/addresses.ts'
import { normalizeEmail } from '../../lib/email.ts'

const day = 24 * 60 * 60 * 1000

/** An attempt to sign in, as it was counted. */
export interface Attempt {
  id: string
  /** What a success forgets. */
  own: Subject
  /** What a success does not forget: the failures of others may be among them. */
  shared: Subject[]
}

/** Why an attempt is refused; `isNews` if the owner of the address should be notified. */
export interface Refused {
  wait: number
  isNews: boolean
}

/**
 * Counts an attempt to sign in, or refuses it. In 15 minutes, 10 may fail for an e-mail address from one network, 30
 * from one network for any address, and 100 for an address from anywhere. Only the last can be used against the owner
 * of an address; so a `device` that has signed in before has 10 of its own instead, whatever others do.
 */
export async function countSignIn(
  tx: Queries,
  email: string,
  address: string,
  device: string | undefined,
): Promise<Attempt | Refused> {
  const id = randomUUID()
  const own = device ? fromDevice(email, device) : fromNetwork(email, address)
  if (device) {
    const wait = await countAttempt(tx, [own], id)
    return wait > 0 ? { wait, isNews: false } : { id, own, shared: [] }
  }
  const network = { name: `sign in from ${networkOf(address)}`, limit: 30 }
  const wait = await countAttempt(tx, [own, network], id)
  if (wait > 0) return { wait, isNews: false }
  // Last: what the limits of one network refuse must not fill the limit of everybody.
  const anywhere = fromAnywhere(email)
  const longer = await countAttempt(tx, [anywhere], id)
  if (longer === 0) return { id, own, shared: [network, anywhere] }
  const notice = { name: `notice to ${normalizeEmail(email)}`, limit: 1, window: day }
  return { wait: longer, isNews: (await countAttempt(tx, [notice])) === 0 }
}

/** The attempt was no failure. */
export async function forgetSignIn(tx: Queries, { id, own, shared }: Attempt): Promise<void> {
  await forgetAttempts(tx, [own])
  if (shared.length > 0) await forgetAttempts(tx, shared, id)
}

/** Somebody has proved by a link that the address is theirs. */
export function forgetFailures(tx: Queries, email: string, address: string): Promise<void> {
  return forgetAttempts(tx, [fromNetwork(email, address), fromAnywhere(email)])
}

function fromNetwork(email: string, address: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)} from ${networkOf(address)}`, limit: 10 }
}

function fromDevice(email: string, device: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)} with ${device}`, limit: 10 }
}

function fromAnywhere(email: string): Subject {
  return { name: `sign in as ${normalizeEmail(email)}`, limit: 100 }
}
