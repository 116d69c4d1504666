import { type ContactCalls, type CustomerEvent, contactInputs, type InboxCalls, inboxInputs } from './api.ts'
import { Caller } from './caller.ts'
import { EventStream, type StreamOptions } from './event-stream.ts'
import type { Settings } from './options.ts'
import { messagesOf } from './paging.ts'
import type { CustomerSignal } from './signals.ts'
import { Transport } from './transport.ts'

export type * from './api.ts'
export { type ErrorCode, type FieldError, NdotoError } from './error.ts'
export type { EventStream, StreamOptions } from './event-stream.ts'
export type { CallOptions, SendOptions, Settings, UploadOptions } from './options.ts'
export type { Pages } from './pages.ts'
export type * from './signals.ts'

interface InboxSettings extends Settings {
  /** The `inbox_identifier` of the inbox, which is public. */
  inbox: string
}

/** An inbox as everybody sees it. Its functions throw NdotoError. */
export interface CustomerInbox extends ReturnType<typeof inboxOf> {}

/** What a contact can do in an inbox. Its functions throw NdotoError. */
export interface Customer extends ReturnType<typeof customerOf> {}

/** Opens an inbox. Nothing is sent before the first call. */
export function openInbox({ inbox, ...settings }: InboxSettings): CustomerInbox {
  return inboxOf(new Transport(settings), `/public/api/v1/inboxes/${encodeURIComponent(inbox)}`)
}

function inboxOf(transport: Transport, path: string) {
  const on = new Caller<InboxCalls>(transport, path, inboxInputs)
  return {
    get: on.call('GET '),
    /** Starts as a contact. Only this response has the `source_id`, the secret with which `customer` continues. */
    createContact: on.call('POST /contacts'),
    /** Tells webhooks that a visitor without a contact opened the chat. */
    reportOpening: on.call('POST /openings'),
    /** The contact with this secret. */
    customer: (sourceId: string): Customer =>
      customerOf(transport, `${path}/contacts/${encodeURIComponent(sourceId)}`),
  }
}

function customerOf(transport: Transport, path: string) {
  const on = new Caller<ContactCalls>(transport, path, contactInputs)
  return {
    get: on.call('GET '),
    update: on.call('PATCH '),
    recordVisit: on.call('POST /visits'),
    /** Tells webhooks that the contact has opened the chat. */
    reportOpening: on.call('POST /openings'),
    conversations: {
      list: on.list('GET /conversations'),
      create: on.call('POST /conversations'),
      updateLastSeen: on.safe('POST /conversations/{conversation_id}/update_last_seen'),
      /** Sets and removes labels, if the team lets contacts of the inbox set them. */
      changeLabels: on.safe('POST /conversations/{conversation_id}/labels'),
      /** Adds custom attributes; existing ones do not change. */
      addCustomAttributes: on.safe('POST /conversations/{conversation_id}/custom_attributes'),
      toggleTyping: on.call('POST /conversations/{conversation_id}/toggle_typing'),
    },
    messages: {
      /** From the newest message to the oldest; with `after_id`, from the one after it to the newest. */
      list: on.pages('GET /conversations/{conversation_id}/messages', ({ payload, meta }, query) => {
        const before = meta.has_more ? (payload[0]?.id ?? null) : null
        const after = meta.has_more ? (payload.at(-1)?.id ?? null) : null
        return messagesOf(payload, before, after, query)
      }),
      send: on.call('POST /conversations/{conversation_id}/messages'),
      /** Answers an interactive message. Not repeated: a second answer is refused. */
      answer: on.once('PATCH /conversations/{conversation_id}/messages/{message_id}'),
    },
    events: {
      /** The events of the log after a position, up to now. */
      list: on.pages('GET /events', ({ payload, meta }) => ({
        items: payload,
        next: payload.length === 0 ? undefined : meta,
      })),
      /** Follows what happens. */
      stream: (options?: StreamOptions) =>
        new EventStream<CustomerEvent | CustomerSignal>(transport, `${path}/events`, options),
    },
  }
}
