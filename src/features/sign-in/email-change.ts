import { countAttempt } from '../../db/attempts.ts'
import type { Database, Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { lockUser } from '../users/parts.store.ts'
import { verifyPassword, wrongPassword } from '../users/password.ts'
import { setEmail, userByEmail } from '../users/service.ts'
import type { Recipient, SendLink, SendNotice } from './mails.ts'
import type { EmailChange } from './schema.ts'
import { createLink, currentLink, endLinks } from './service.ts'

// In 15 minutes. Nobody can make this server flood an address.
const mostLinks = 5

/**
 * Mails a link to the new address. Whether another user has it is only said to whoever opens the link. Throws `invalid`
 * for the field `current_password`, `too_many_requests`, and `conflict` without a mail server.
 */
export async function requestEmailChange(
  database: Database,
  userId: number,
  { email: written, current_password: current }: EmailChange,
  publicUrl: string,
  send: SendLink | undefined,
): Promise<void> {
  if (!send)
    throw new Refusal('conflict', 'no mail server is configured, so a new address cannot be confirmed')
  const email = normalizeEmail(written)
  const purpose = 'to change the e-mail address'
  const verified = await verifyPassword(database, { userId, current, purpose })
  const subjects = [
    { name: `new address of user ${userId}`, limit: mostLinks },
    { name: `link for ${email}`, limit: mostLinks },
  ]
  const wait = await database.transaction(null, (tx) => countAttempt(tx, subjects))
  if (wait > 0) {
    const sentence = `too many links were requested; try again in ${wait} seconds`
    throw new Refusal('too_many_requests', sentence, { retryAfter: wait })
  }
  const { name, url } = await database.transaction(null, async (tx) => {
    const user = (await lockUser(tx, userId))!
    if (user.password_hash !== verified.hash) throw wrongPassword()
    await verified.forget(tx)
    return { name: user.name, url: await createLink(tx, userId, 'email', publicUrl, null, email) }
  })
  send({ name, email }, 'email', url)
}

/**
 * Sets the address of a link, ends all links of the user, and notifies the old address. Throws `invalid` for the field
 * `token` if the link is not valid or another user signs in with the address.
 */
export async function confirmEmail(
  database: Database,
  token: string,
  notify: SendNotice | undefined,
): Promise<void> {
  const before = await database.transaction(null, async (tx) => {
    const { user_id } = await currentLink(tx, 'email', token)
    const user = (await lockUser(tx, user_id))!
    // Once more, because the link may have been used before the user was locked.
    const { email } = await currentLink(tx, 'email', token)
    return changeEmail(tx, user, email!)
  })
  notify?.(before, 'new address')
}

/**
 * Sets the address with which a user signs in, and ends all links of the user. Returns the user with the old address.
 * Throws `invalid` if another user has it.
 */
export async function changeEmail(
  tx: Queries,
  user: Recipient & { id: number },
  email: string,
): Promise<Recipient> {
  const other = await userByEmail(tx, email)
  if (other && other.id !== user.id)
    throw invalid('token', 'is for an address with which another user signs in', 'taken')
  await endLinks(tx, user.id)
  await setEmail(tx, user.id, email)
  return { name: user.name, email: user.email }
}
