import { type AccountCalls, accountInputs, type ServerCalls, serverInputs } from './api.ts'
import { Caller } from './caller.ts'
import type { Settings } from './options.ts'
import { accountResources, profileResource } from './resources.ts'
import { Transport } from './transport.ts'

export type * from './api.ts'
export { type ErrorCode, type FieldError, NdotoError } from './error.ts'
export type { EventStream, StreamOptions } from './event-stream.ts'
export type { CallOptions, SendOptions, Settings, UploadOptions } from './options.ts'
export type { Pages } from './pages.ts'
export type * from './signals.ts'
export { type VerifiedWebhook, verifyWebhook, WebhookError, type WebhookOptions } from './webhook.ts'

/** A client of an account. Its functions throw NdotoError. */
export interface Ndoto extends ReturnType<typeof accountResources> {
  /** The user of the token. */
  profile: ReturnType<typeof profileResource>
}

interface AccountSettings extends Settings {
  /** An access token. */
  token: string
  /** The id of the account, by default 1. */
  account?: number
}

/** Creates a client of an account. Nothing is sent before the first call. */
export function createNdoto({ token, account = 1, ...settings }: AccountSettings): Ndoto {
  const transport = new Transport(settings, () => ({ authorization: `Bearer ${token}` }))
  const path = `/api/v1/accounts/${account}`
  const calls = new Caller<AccountCalls>(transport, path, accountInputs)
  const profile = profileResource(new Caller<ServerCalls>(transport, '', serverInputs))
  return { ...accountResources(calls, path), profile }
}
