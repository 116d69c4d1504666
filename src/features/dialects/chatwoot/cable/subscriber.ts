import { identification } from '../../../../http/auth.ts'
import type { Context } from '../../../../http/feature.ts'
import type { RequestOfPage } from '../../../../http/session.ts'
import { type Actor, hasScope } from '../../../../lib/actor.ts'
import { mayUseInbox } from '../../../customer-api/cors.ts'
import { findCustomer } from '../../../customer-api/service.ts'
import { customerSubscriber } from '../../../customer-api/stream.ts'
import { memberSubscriber } from '../../../realtime/service.ts'
import type { Subscriber } from '../../../realtime/subscriber.ts'
import { passwordFingerprint } from '../../../users/password.ts'
import { openPubsubToken } from '../pubsub-tokens.ts'
import type { RoomIdentifier } from './protocol.ts'

/**
 * Finds the subscriber that an identifier names; undefined if its token opens nothing. `page` is the page of the client.
 */
export async function findSubscriber(
  context: Context,
  { pubsub_token, account_id, user_id }: RoomIdentifier,
  page: RequestOfPage,
): Promise<Subscriber | undefined> {
  const { database } = context
  const credential = openPubsubToken(database, pubsub_token)
  if (!credential) return undefined
  if (credential.kind === 'contact') {
    const { inbox_identifier, source_id } = credential
    if (!(await mayUseInbox(context, page, inbox_identifier))) return undefined
    const customer = await findCustomer(database.read, inbox_identifier, source_id)
    return customer && customerSubscriber(database.read, inbox_identifier, customer)
  }
  if (account_id === undefined) return undefined
  const findActor = async (): Promise<Actor | undefined> => {
    const identity = await identification.of(database)(credential, account_id)
    if (!identity?.role || !hasScope(identity.scopes, 'read')) return undefined
    const password = await passwordFingerprint(database.read, identity.userId)
    if (password !== credential.password) return undefined
    const { role, ...person } = identity
    return { ...person, accountId: account_id, role }
  }
  const actor = await findActor()
  if (!actor || (user_id !== undefined && user_id !== actor.userId)) return undefined
  return memberSubscriber(database.read, actor, findActor)
}
