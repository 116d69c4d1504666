import { createECDH } from 'node:crypto'
import type { Database, Queries } from '../../db/database.ts'
import type { Person } from '../../lib/actor.ts'
import { urlProblem } from '../../lib/destination.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { accountIdsOf } from '../users/service.ts'
import { isPublicKey, isSubscriptionSecret } from './encryption.ts'
import { findKey, replaceKey, type ServerKey } from './key.store.ts'
import { requestPushTo } from './requests.ts'
import {
  maxSubscriptions,
  type NewNotificationSubscription,
  type NotificationSubscription,
} from './schema.ts'
import {
  deleteAll,
  deleteOldest,
  deleteSubscription,
  type Row,
  replaceSubscription,
  selectSubscriptions,
  setShowsText,
} from './store.ts'

/** Returns the key of the server, which is created when it is first needed. All nodes have the same. */
export async function serverKey(database: Database): Promise<ServerKey> {
  return (await findKey(database.read)) ?? (await database.transaction(null, createKey))
}

async function createKey(tx: Queries): Promise<ServerKey> {
  // Another node may have created it meanwhile.
  const existing = await findKey(tx)
  if (existing) return existing
  const ecdh = createECDH('prime256v1')
  const publicKey = ecdh.generateKeys('base64url', 'uncompressed')
  // Leading zeros belong to the format.
  const privateKey = Buffer.from(ecdh.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url')
  await replaceKey(tx, { publicKey, privateKey })
  // Those of a key that cannot be decrypted are of no use. The dashboard of a browser subscribes again.
  await deleteAll(tx)
  return { publicKey, privateKey }
}

/** Lists the browsers in which a user is notified, the newest first. */
export async function listSubscriptions(
  queries: Queries,
  person: Person,
): Promise<NotificationSubscription[]> {
  return (await selectSubscriptions(queries, person.userId)).map((row) => shown(row, person))
}

function shown({ id, session_id, endpoint, shows_text, created_at }: Row, { sessionId }: Person) {
  return {
    id,
    subscription_type: 'browser_push' as const,
    current: session_id === sessionId,
    session_id,
    endpoint_host: new URL(endpoint).host,
    shows_text: shows_text === 1,
    created_at: toSeconds(created_at),
  }
}

/**
 * Notifies the user in the browser that makes the request, from now on. Its earlier subscription ends, also that of another
 * user. Throws `invalid`, and `conflict` if the request comes from no browser.
 */
export async function subscribe(
  database: Database,
  person: Person,
  { subscription_attributes: { endpoint, p256dh, auth }, shows_text }: NewNotificationSubscription,
  allowPrivate: boolean,
): Promise<NotificationSubscription> {
  const { userId: user_id, sessionId: session_id } = person
  if (!session_id) {
    throw new Refusal('conflict', 'a browser can only be subscribed with its own session, not with a token')
  }
  assertUsable({ endpoint, p256dh, auth }, allowPrivate)
  // So that the list has it when a browser asks for it.
  await serverKey(database)
  return database.transaction(null, async (tx) => {
    const before = await selectSubscriptions(tx, user_id)
    const same = before.find((row) => row.session_id === session_id)
    const isSame = same?.endpoint === endpoint && same.p256dh === p256dh && same.auth === auth
    if (isSame) {
      if (shows_text !== undefined) await setShowsText(tx, same.id, shows_text)
    } else {
      const shows = shows_text ?? same?.shows_text === 1
      const keys = { endpoint, p256dh, auth, shows_text: shows ? 1 : 0, created_at: Date.now() }
      await replaceSubscription(tx, { user_id, session_id, ...keys })
      await deleteOldest(tx, user_id, maxSubscriptions)
    }
    const rows = await selectSubscriptions(tx, user_id)
    return shown(rows.find((row) => row.session_id === session_id)!, person)
  })
}

function assertUsable(
  { endpoint, p256dh, auth }: Pick<Row, 'endpoint' | 'p256dh' | 'auth'>,
  allowPrivate: boolean,
) {
  const field = (name: string) => `subscription_attributes.${name}`
  const problem = urlProblem(endpoint, allowPrivate)
  if (problem) throw invalid(field('endpoint'), problem)
  // Push services have no other. On this machine there is one for tests at most.
  if (!allowPrivate && !endpoint.startsWith('https://'))
    throw invalid(field('endpoint'), 'must be an https:// URL')
  if (!isPublicKey(p256dh))
    throw invalid(field('p256dh'), 'must be a public key of the curve P-256 in base64url')
  if (!isSubscriptionSecret(auth)) throw invalid(field('auth'), 'must be 16 bytes in base64url')
}

/** Notifies the user no longer in a browser. Throws `not_found`. */
export function unsubscribe(database: Database, { userId }: Person, id: number): Promise<void> {
  return database.transaction(null, async (tx) => {
    if (!(await deleteSubscription(tx, userId, id))) throw notFound('notification subscription')
  })
}

/** Sends a notification to a browser as a test. Throws `not_found`. */
export async function testSubscription(database: Database, { userId }: Person, id: number): Promise<void> {
  const subscriptions = await selectSubscriptions(database.read, userId)
  const [account] = await accountIdsOf(database.read, userId)
  if (!account || !subscriptions.some((row) => row.id === id)) throw notFound('notification subscription')
  await database.transaction(account, (tx) => requestPushTo(tx, account, id, { kind: 'test' }))
}
