import type { Static, TObject } from 'typebox'
import type { Queries } from '../../db/database.ts'
import type { Sender } from '../../deliveries/sender.ts'
import type { Follower } from '../../events/follow.ts'
import type { Context } from '../../http/feature.ts'
import type { Reading } from '../../http/metrics.ts'
import type { Server } from '../../http/server.ts'
import type { Contact } from '../contacts/schema.ts'
import type { ChannelFields, ChannelInbox, Problem } from '../inboxes/channels.ts'
import type { Message } from '../messages/schema.ts'

/**
 * A way in which contacts and agents exchange messages: the API, a widget, e-mail, a messenger. It is a folder in
 * `channels/` and a line in `list.ts`; docs/adding-a-channel.md shows how to write one. `S` is the schema of its settings.
 * A channel calls `receive()` and `reportDelivery()` of `customers/` for what arrives, and writes no table itself.
 */
export interface Channel<S extends TObject = TObject> {
  /** The `channel_type` of its inboxes, such as `telegram`. It is stored with each inbox, so it cannot change later. */
  readonly type: string

  /**
   * The settings of an inbox: the fields of `channel` in the calls that create and change one. A field that another channel
   * has, too, may have another shape there. Fields with `secretText()` are stored encrypted and never shown again. Settings
   * are checked when they change, not when the schema does: new fields must be optional.
   */
  readonly settings: S

  /** Whether programs may post messages as the contact through the API for agents. */
  readonly programsMayWriteAsContact: boolean

  /** Whether outgoing messages become `delivered`, `read` or `failed` because programs or the channel say so. */
  readonly reportsDelivery: boolean

  /** Whether contacts may use the client API (docs/client-api.md). If not, that API does not know its inboxes. */
  readonly isOpenToCustomers: boolean

  /** The origins whose pages may use the client API of an inbox. Without this method, all may. */
  allowedOrigins?(settings: Static<S>): string[]

  /** Whether the pages that contacts report are stored (`POST .../visits` of the client API). Without this method, they are. */
  recordsVisits?(settings: Static<S>): boolean

  /**
   * The fields of `content_attributes` that the channel understands. If a message of an agent has one of them,
   * `verifyMessage()` checks it. Must not wait. `field` of a problem is one of these fields.
   */
  readonly messageFields?: readonly string[]
  verifyMessage?(attributes: Record<string, unknown>): Problem[]

  /** Whether its conversations have a subject: that of their first message, `content_attributes.subject`. */
  readonly hasSubjects?: boolean

  /** The rules for settings that their schema cannot express. `field` is a path in the settings. Must not wait. */
  verify?(settings: Static<S>, config: Context['config']): Problem[]

  /** Only for channels that are older than `channel_settings`: the fields of the API that show their settings. */
  fields?(inbox: ChannelInbox<Static<S>>, config: Context['config']): ChannelFields

  /** Is called in the transaction that creates an inbox or changes its settings. Must wait only for its own queries. */
  saved?(tx: Queries, inbox: ChannelInbox<Static<S>>): Promise<void>

  /** The same before an inbox is deleted. */
  deleted?(tx: Queries, inbox: ChannelInbox<Static<S>>): Promise<void>

  /**
   * Tries the settings of an inbox, for example by signing in at the provider, and returns what is wrong with them. Is
   * called when an administrator asks for it. `signal` is aborted after 10 seconds.
   */
  check?(inbox: ChannelInbox<Static<S>>, context: Context, signal: AbortSignal): Promise<Problem[]>

  /** Is called once for each server, before anything else: creates what the channel needs. */
  setup?(context: Context): void

  /** Adds routes, such as the webhook that the provider calls. Check its signature before anything is parsed. */
  routes?(app: Server, context: Context): void

  /** What it does with the events of the log. */
  readonly followers?: readonly Follower[]

  /** What it delivers in addition to the messages that `send()` gets. */
  senders?(context: Context): readonly Sender[]

  /** The gauges and counters that it adds to `/metrics`. */
  readings?(context: Context): readonly Reading[]

  /** Adds routes below `/api/v1/accounts/:account_id`, which need the token of a user. */
  accountRoutes?(app: Server, context: Context): void

  /**
   * Receives the messages of an inbox over a connection, or by asking for them, until `signal` is aborted: then it must
   * return. Only one node runs it for an inbox. It is called again if it throws or returns, after a pause that grows up to
   * a minute; soon after the settings have changed; and on another node if this one has stopped or has crashed.
   */
  listen?(inbox: ChannelInbox<Static<S>>, context: Context, signal: AbortSignal): Promise<void>

  /**
   * Sends a message of an agent. It may be called again for the same message if the result of the first call was lost.
   * `signal` is aborted after five minutes; the call must then end. An error that it throws counts as `retry`.
   */
  send?(outgoing: Outgoing<Static<S>>, context: Context, signal: AbortSignal): Promise<Outcome>
}

/** A message on its way to the contact. */
export interface Outgoing<S = unknown> {
  inbox: ChannelInbox<S>
  /** As the API shows it, with links to its files. */
  message: Message
  contact: Contact
  /** What the channel calls the contact, as in `receive()`; null if the contact has not written through this inbox. */
  identity: string | null
  /** The `source_id` of the newest message of the conversation that has one, for replies; null if there is none. */
  replyTo: string | null
}

/** How an attempt to send a message ended. A reason is a sentence for agents. */
export type Outcome =
  /**
   * The provider has taken it. `sourceId` is what the provider calls it, for `reportDelivery()` and `replyTo`. `attributes`
   * are added to the `content_attributes` of the message.
   */
  | { state: 'sent'; sourceId?: string; attributes?: Record<string, unknown> }
  /** It may work later, at the earliest after `after` milliseconds. */
  | { state: 'retry'; reason: string; after?: number }
  /** It will never work: the message becomes `failed`. */
  | { state: 'failed'; reason: string }
