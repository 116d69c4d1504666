import { Type } from 'typebox'
import type { Queries } from '../../../db/database.ts'
import { isBcrypt } from '../../../lib/bcrypt.ts'
import { normalizeEmail } from '../../../lib/email.ts'
import { checker } from '../../../lib/validate.ts'
import { Email } from '../../users/schema.ts'
import { adoptUser, invitedUser, joinAccount, roleOf, userIdByEmail } from '../../users/service.ts'
import { adoptToken } from '../../users/tokens.ts'
import type { Move, Staff } from './move.ts'
import { type SourceMember, type SourceUser, selectMembers, selectUsers } from './source-settings.store.ts'

const availabilities = ['online', 'offline', 'busy'] as const
const checkEmail = checker(Type.Object({ email: Email }))

/** The users of Chatwoot and their ids here: their own, unless it is taken, or that of the user with the same address. */
export class People implements Staff {
  readonly #ids = new Map<number, number | null>()

  idOf(chatwootId: number | null): number | null {
    return chatwootId === null ? null : (this.#ids.get(chatwootId) ?? null)
  }

  readonly #administrators = new Set<number>()

  get firstAdministrator(): number {
    return [...this.#administrators][0] ?? 0
  }

  isAdministrator(userId: number): boolean {
    return this.#administrators.has(userId)
  }

  /** Imports the members of the account. */
  async importMembers(move: Move): Promise<void> {
    const members = await selectMembers(move.source, move.accountId)
    move.report.table('users', members.length)
    for (const member of members) {
      if (!isComplete(member)) {
        move.report.remark('user without a valid e-mail address, left out', member.id)
        continue
      }
      if (member.custom_role_id !== null)
        move.report.remark('user with a custom role, now an agent', member.email)
      await this.#importMember(move, member)
      await keepSignature(move, member)
      await move.rest()
    }
  }

  async #importMember(move: Move, member: SourceMember & { email: string }): Promise<void> {
    const { database, accountId, isDryRun, report } = move
    const known = await this.#find(move, member.email)
    const wasMember = known !== undefined && (await roleOf(database.read, accountId, known)) !== undefined
    report.count('users', wasMember ? 'known' : 'stored')
    const isConfirmed = member.confirmed_at !== null
    if (known === undefined && isConfirmed && !isBcrypt(member.encrypted_password ?? ''))
      report.remark(
        'user without a password; `ndoto password ADDRESS` prints a link to set one',
        member.email,
      )
    if (isDryRun) {
      this.#remember(member, known ?? member.id)
      return
    }
    const id = await database.transaction(null, async (tx) => {
      const id = known ?? (await this.#adopt(tx, move, member, isConfirmed))
      const role = member.role === 1 ? 'administrator' : 'agent'
      if (!wasMember)
        await joinAccount(tx, accountId, id, role, availabilities[member.availability] ?? 'online')
      if (member.token) await adoptToken(tx, accountId, id, { name: 'Chatwoot', token: member.token })
      return id
    })
    this.#remember(member, id)
  }

  #remember({ id: chatwootId, role }: SourceMember, id: number): void {
    this.#ids.set(chatwootId, id)
    if (role === 1) this.#administrators.add(id)
  }

  async resolve(move: Move, chatwootIds: number[]): Promise<void> {
    const unknown = [...new Set(chatwootIds)].filter((id) => !this.#ids.has(id))
    if (unknown.length === 0) return
    for (const id of unknown) this.#ids.set(id, null)
    for (const user of await selectUsers(move.source, unknown)) {
      if (!isComplete(user)) continue
      const known = await this.#find(move, user.email)
      const add = () => move.database.transaction(null, (tx) => this.#adopt(tx, move, user, false))
      this.#ids.set(user.id, known ?? (move.isDryRun ? user.id : await add()))
    }
    for (const id of unknown.filter((one) => this.#ids.get(one) === null))
      move.report.remark('user who no longer exists: what they wrote has no sender', id)
  }

  /** The id here of the user with an address, or of who is invited to the account with it. */
  async #find({ database, accountId }: Move, email: string): Promise<number | undefined> {
    const id = await userIdByEmail(database.read, email)
    return id ?? (await invitedUser(database.read, accountId, email))?.id
  }

  async #adopt(
    tx: Queries,
    { accountId, report }: Move,
    { id, email, name, encrypted_password, created_at }: SourceUser & { email: string },
    isConfirmed: boolean,
  ): Promise<number> {
    const hash = encrypted_password !== null && isBcrypt(encrypted_password) ? encrypted_password : 'none'
    const user = {
      ...{ id, email: normalizeEmail(email), name: name.trim().slice(0, 255) || email, created_at },
      password_hash: isConfirmed ? hash : 'none',
      confirmed: isConfirmed ? 1 : 0,
    }
    const adopted = await adoptUser(tx, accountId, user)
    if (adopted !== id) report.remark('user with another id, because theirs is taken', `${id} is ${adopted}`)
    return adopted
  }
}

/** Signatures belong to an agent and an inbox here, so they are kept in a file. */
async function keepSignature({ report, leftOver }: Move, { id, email, message_signature }: SourceMember) {
  if (!message_signature?.trim()) return
  report.remark('signature of a user, in the file of what is left over', email ?? id)
  await leftOver.add('users', { id, email, message_signature })
}

function isComplete<U extends SourceUser>(user: U): user is U & { email: string } {
  return checkEmail({ email: user.email }).length === 0
}
