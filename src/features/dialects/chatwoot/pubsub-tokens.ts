import type { Queries } from '../../../db/database.ts'
import type { Credential } from '../../../http/auth.ts'
import { openedOrNull, sealed } from '../../../lib/secret-box.ts'
import type { HasSlots } from '../../../lib/slot.ts'
import { passwordFingerprint } from '../../users/password.ts'

/*
 * The tokens that open `/cable`, and nothing else. Each is the credential that its owner has sent, encrypted with the key
 * of the server: so none is stored, it opens no more than that credential, and ends together with it.
 */

/** What a contact has sent: its inbox, and its secret there. */
export interface ContactCredential {
  kind: 'contact'
  inbox_identifier: string
  source_id: string
}

/** What a user has sent. */
export interface UserCredential extends Credential {
  /** The fingerprint of their password at that time: another password ends the token. */
  password: string | undefined
}

const place = { table: 'pubsub_tokens', column: 'token', key: [] } as const

/** Returns the token for what a user has sent. */
export async function userPubsubToken(
  queries: Queries,
  userId: number,
  credential: Credential,
): Promise<string> {
  const password = await passwordFingerprint(queries, userId)
  return pubsubTokenOf(queries, { ...credential, password })
}

/** Returns the token for what a user or a contact has sent. */
export function pubsubTokenOf(has: HasSlots, credential: UserCredential | ContactCredential): string {
  return sealed(has, JSON.stringify(credential), place)
}

/** Returns what a token was made of, which must still be checked; undefined if the token was not made by this server. */
export function openPubsubToken(
  has: HasSlots,
  token: string,
): UserCredential | ContactCredential | undefined {
  const text = openedOrNull(has, token, place)
  return text === null ? undefined : JSON.parse(text)
}
