/*
 * The messages of Action Cable: https://docs.anycable.io/misc/action_cable_protocol
 */

export const subprotocol = 'actioncable-v1-json'

/** A message of a client. `identifier` is JSON, and names a subscription by its text. */
export interface Command {
  command: 'subscribe' | 'unsubscribe' | 'message'
  identifier: string
  /** JSON, in a `message`. */
  data?: string
}

/** What an identifier says. */
export interface RoomIdentifier {
  pubsub_token: string
  /** Missing in that of a contact. */
  account_id?: number
  user_id?: number
}

/** Parses a message of a client; undefined if it is not a command. */
export function parseCommand(text: string): Command | undefined {
  const { command, identifier, data } = parseObject(text)
  const isKnown = command === 'subscribe' || command === 'unsubscribe' || command === 'message'
  if (!isKnown || typeof identifier !== 'string') return undefined
  return { command, identifier, ...(typeof data === 'string' ? { data } : {}) }
}

/** Parses an identifier; undefined if it is for another channel. */
export function parseIdentifier(text: string): RoomIdentifier | undefined {
  const { channel, pubsub_token, account_id, user_id } = parseObject(text)
  if (channel !== 'RoomChannel' || typeof pubsub_token !== 'string') return undefined
  const accountId = toId(account_id)
  const userId = toId(user_id)
  return {
    pubsub_token,
    ...(accountId === undefined ? {} : { account_id: accountId }),
    ...(userId === undefined ? {} : { user_id: userId }),
  }
}

/** Whether a `message` asks who is online. */
export function asksForPresence({ data = '' }: Command): boolean {
  return parseObject(data).action === 'update_presence'
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Clients send ids as numbers or as text. */
function toId(value: unknown): number | undefined {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

export const welcome = JSON.stringify({ type: 'welcome' })

export function ping(now: number): string {
  return JSON.stringify({ type: 'ping', message: Math.floor(now / 1000) })
}

export function confirmation(identifier: string): string {
  return JSON.stringify({ identifier, type: 'confirm_subscription' })
}

export function rejection(identifier: string): string {
  return JSON.stringify({ identifier, type: 'reject_subscription' })
}

export function disconnect(reason: 'server_restart' | 'unauthorized'): string {
  return JSON.stringify({ type: 'disconnect', reason, reconnect: reason === 'server_restart' })
}
