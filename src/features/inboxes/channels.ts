import type { TObject } from 'typebox'
import type { Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { FieldCode } from '../../lib/error-codes.ts'
import type { FieldError } from '../../lib/errors.ts'
import { Slot } from '../../lib/slot.ts'
import type { Inbox } from './schema.ts'

/** The settings of an inbox's channel, with secrets in the clear. */
export type Settings = Record<string, unknown>

/** An inbox as its channel sees it. */
export interface ChannelInbox<S = Settings> {
  account_id: number
  id: number
  name: string
  channel_type: string
  /** The `inbox_identifier`, which is public. */
  identifier: string
  greeting_message: string | null
  settings: S
}

/** What is wrong with a setting. */
export interface Problem {
  /** The path of the setting, such as `number`. */
  field: string
  /** Continues the path: `must begin with +`. */
  message: string
  /** Of the error; `not_allowed` by default. */
  code?: FieldCode
}

/** The fields of an inbox in the API that only one channel has. */
export type ChannelFields = Partial<Pick<Inbox, 'webhook_url' | 'website_url' | 'widget' | 'embed_script'>>

/** The part of a channel that features above `channels` use; `channels/channel.ts` describes it. */
export interface ChannelRules {
  readonly type: string
  readonly settings: TObject
  readonly programsMayWriteAsContact: boolean
  readonly reportsDelivery: boolean
  readonly isOpenToCustomers: boolean
  allowedOrigins?(settings: Settings): string[]
  recordsVisits?(settings: Settings): boolean
  readonly messageFields?: readonly string[]
  verifyMessage?(attributes: Record<string, unknown>): Problem[]
  readonly hasSubjects?: boolean
  verify?(settings: Settings, config: Context['config']): Problem[]
  fields?(inbox: ChannelInbox, config: Context['config']): ChannelFields
}

/** The channels of a server. */
export interface Channels {
  readonly all: readonly ChannelRules[]
  /** The settings of the server. */
  readonly config: Context['config']
  /** The channel of this type. If the server no longer has it, one that allows nothing. */
  of(type: string): ChannelRules
  /** Is called in the transaction that creates an inbox or changes its settings. */
  saved(tx: Queries, inbox: ChannelInbox): Promise<void>
  /** The same before an inbox is deleted. */
  deleted(tx: Queries, inbox: ChannelInbox): Promise<void>
  /** What of these settings does not match the schema of the channel. */
  check(type: string, settings: Settings): FieldError[]
}

/** The feature `channels`, which comes after inboxes in the list of features, provides them. */
export const channels = new Slot<Channels>('channels')

/** The types of the channels for which `matches` is true, as a sentence lists them: `api, telegram`. */
export function channelNames(all: readonly ChannelRules[], matches: (one: ChannelRules) => boolean): string {
  return all
    .filter(matches)
    .map(({ type }) => type)
    .join(', ')
}
