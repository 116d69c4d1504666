import type { Database } from '../../db/database.ts'
import type { Person } from '../../lib/actor.ts'
import { passwordHash } from '../../lib/secrets.ts'
import { availabilityChanges } from './availability.ts'
import { assertNotGuessable } from './guessable-password.ts'
import { verifyPassword, wrongPassword } from './password.ts'
import type { Profile, ProfileChange } from './schema.ts'
import { accountIdsOf, getProfile, rename, setPassword, withAgentEvents } from './service.ts'
import { findUser, setAvailability, updateUser } from './store.ts'

/**
 * Changes the given fields and returns the profile. Throws `invalid` for a new password without the correct current one,
 * and `too_many_requests` after too many attempts to enter that.
 */
export async function changeProfile(
  database: Database,
  person: Person,
  { name, availability, ui_settings, password, current_password, end_tokens = false }: ProfileChange,
): Promise<Profile> {
  const { userId, sessionId } = person
  const change = await newPassword(database, userId, { name, password, current_password })
  const profile = await database.transaction(null, async (tx) => {
    if (name !== undefined) await rename(tx, userId, name)
    if (availability !== undefined) {
      await withAgentEvents(tx, userId, () => setAvailability(tx, userId, availability))
    }
    if (ui_settings?.locale !== undefined) await updateUser(tx, userId, { locale: ui_settings.locale })
    if (change) {
      if ((await findUser(tx, userId))!.password_hash !== change.verified.hash) throw wrongPassword()
      await setPassword(tx, userId, change.hash, { endTokens: end_tokens, exceptSession: sessionId })
      await change.verified.forget(tx)
    }
    return getProfile(tx, person)
  })
  if (availability !== undefined) {
    const accountIds = await accountIdsOf(database.read, userId)
    for (const accountId of accountIds) availabilityChanges.of(database).announce(accountId, userId)
  }
  return profile
}

async function newPassword(
  database: Database,
  userId: number,
  { name, password, current_password: current }: ProfileChange,
) {
  if (password === undefined) return undefined
  const { email, name: oldName } = (await findUser(database.read, userId))!
  await assertNotGuessable(password, { email, name: name ?? oldName })
  const verified = await verifyPassword(database, { userId, current, purpose: 'to set another password' })
  return { verified, hash: await passwordHash(password) }
}
