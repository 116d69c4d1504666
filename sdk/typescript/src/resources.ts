import type { AccountCalls, AccountEvent, ServerCalls } from './api.ts'
import type { Caller } from './caller.ts'
import { EventStream, type StreamOptions } from './event-stream.ts'
import { byPage, messagesOf } from './paging.ts'
import type { AccountSignal } from './signals.ts'

/** The calls of an account, by what they are about. */
export function accountResources(on: Caller<AccountCalls>, path: string) {
  return {
    conversations: {
      /** From the latest activity on, unless `sort` says otherwise. */
      list: on.pages('GET /conversations', ({ data: { payload, meta } }) => ({
        items: payload,
        next: meta.next === null ? undefined : { cursor: meta.next, page: undefined },
      })),
      counts: on.call('GET /conversations/meta'),
      unread: on.call('GET /conversations/unread'),
      filter: on.safe('POST /conversations/filter'),
      get: on.call('GET /conversations/{conversation_id}'),
      create: on.call('POST /conversations'),
      update: on.call('PATCH /conversations/{conversation_id}'),
      delete: on.remove('DELETE /conversations/{conversation_id}'),
      toggleStatus: on.call('POST /conversations/{conversation_id}/toggle_status'),
      togglePriority: on.safe('POST /conversations/{conversation_id}/toggle_priority'),
      assign: on.call('POST /conversations/{conversation_id}/assignments'),
      updateLastSeen: on.safe('POST /conversations/{conversation_id}/update_last_seen'),
      labels: on.list('GET /conversations/{conversation_id}/labels'),
      setLabels: on.safe('POST /conversations/{conversation_id}/labels'),
      setCustomAttributes: on.safe('POST /conversations/{conversation_id}/custom_attributes'),
      participants: on.list('GET /conversations/{conversation_id}/participants'),
      addParticipants: on.safe('POST /conversations/{conversation_id}/participants'),
      setParticipants: on.call('PATCH /conversations/{conversation_id}/participants'),
      removeParticipants: on.call('DELETE /conversations/{conversation_id}/participants'),
      markAsSpam: on.safe('POST /conversations/{conversation_id}/spam'),
      draft: on.call('GET /conversations/{conversation_id}/draft'),
      /** Not repeated: a draft whose version was stored already is stale. */
      setDraft: on.once('PUT /conversations/{conversation_id}/draft'),
      sendTranscript: on.call('POST /conversations/{conversation_id}/transcript'),
      toggleTyping: on.call('POST /conversations/{conversation_id}/toggle_typing_status'),
      merge: on.call('POST /conversations/{conversation_id}/merge'),
      undoMerge: on.call('DELETE /conversations/{conversation_id}/merge'),
      split: on.call('POST /conversations/{conversation_id}/split'),
      undoSplit: on.call('DELETE /conversations/{conversation_id}/split'),
      moves: on.pages('GET /conversations/{conversation_id}/moves', ({ payload, meta }) => ({
        items: payload,
        next: meta.has_more ? { before_id: payload.at(-1)!.id } : undefined,
      })),
      toggleViewing: on.call('POST /conversations/{conversation_id}/toggle_viewing_status'),
      viewers: on.list('GET /conversations/{conversation_id}/viewers'),
    },
    messages: {
      /** From the newest message to the oldest; with `after_id`, from the one after it to the newest. */
      list: on.pages(
        'GET /conversations/{conversation_id}/messages',
        ({ payload, meta }, query) => messagesOf(payload, meta.before_id, meta.after_id, query),
        { limit: 100 },
      ),
      get: on.call('GET /conversations/{conversation_id}/messages/{message_id}'),
      send: on.call('POST /conversations/{conversation_id}/messages'),
      update: on.call('PATCH /conversations/{conversation_id}/messages/{message_id}'),
      delete: on.call('DELETE /conversations/{conversation_id}/messages/{message_id}'),
      email: on.call('GET /conversations/{conversation_id}/messages/{message_id}/email'),
      rawEmail: on.call('GET /conversations/{conversation_id}/messages/{message_id}/email/raw'),
    },
    scheduledMessages: {
      list: on.list('GET /conversations/{conversation_id}/scheduled_messages'),
      create: on.call('POST /conversations/{conversation_id}/scheduled_messages'),
      update: on.call('PATCH /conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}'),
      delete: on.remove('DELETE /conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}'),
    },
    proposals: {
      /** From the newest proposal on. */
      list: on.pages('GET /conversations/{conversation_id}/proposals', ({ payload, meta }) => ({
        items: payload,
        next: meta.has_more ? { before_id: payload.at(-1)?.id } : undefined,
      })),
      get: on.call('GET /conversations/{conversation_id}/proposals/{proposal_id}'),
      create: on.call('POST /conversations/{conversation_id}/proposals'),
      approve: on.call('POST /conversations/{conversation_id}/proposals/{proposal_id}/approve'),
      refuse: on.call('POST /conversations/{conversation_id}/proposals/{proposal_id}/refuse'),
    },
    cannedResponses: {
      list: on.list('GET /canned_responses'),
      get: on.call('GET /canned_responses/{canned_response_id}'),
      create: on.call('POST /canned_responses'),
      update: on.call('PATCH /canned_responses/{canned_response_id}'),
      delete: on.remove('DELETE /canned_responses/{canned_response_id}'),
      render: on.call('POST /canned_responses/{canned_response_id}/render'),
    },
    contacts: {
      list: on.pages('GET /contacts', byPage),
      search: on.pages('GET /contacts/search', byPage),
      filter: on.safe('POST /contacts/filter'),
      get: on.call('GET /contacts/{contact_id}'),
      create: on.call('POST /contacts'),
      update: on.call('PATCH /contacts/{contact_id}'),
      delete: on.remove('DELETE /contacts/{contact_id}'),
      conversations: on.pages('GET /contacts/{contact_id}/conversations', byPage),
      labels: on.list('GET /contacts/{contact_id}/labels'),
      setLabels: on.safe('POST /contacts/{contact_id}/labels'),
      contactableInboxes: on.list('GET /contacts/{contact_id}/contactable_inboxes'),
      visits: on.list('GET /contacts/{contact_id}/visits'),
      export: on.call('GET /contacts/{contact_id}/export'),
      merge: on.call('POST /actions/contact_merge'),
      addToInbox: on.call('POST /contacts/{contact_id}/contact_inboxes'),
      rotateSourceId: on.call('POST /contacts/{contact_id}/contact_inboxes/rotate_source_id'),
    },
    companies: {
      list: on.pages('GET /companies', ({ payload, meta }) => ({
        items: payload,
        next: meta.next === null ? undefined : { cursor: meta.next },
      })),
      search: on.list('GET /companies/search'),
      get: on.call('GET /companies/{company_id}'),
      create: on.call('POST /companies'),
      update: on.call('PATCH /companies/{company_id}'),
      delete: on.remove('DELETE /companies/{company_id}'),
      contacts: on.pages('GET /companies/{company_id}/contacts', ({ payload, meta }) => ({
        items: payload,
        next: meta.before_id === null ? undefined : { before_id: meta.before_id },
      })),
    },
    contactFiles: {
      importBatch: on.safe('POST /contacts/imports'),
      exportAll: on.call('GET /contacts/export'),
    },
    contactImports: {
      list: on.list('GET /contact_imports'),
      get: on.call('GET /contact_imports/{contact_import_id}'),
      create: on.call('POST /contact_imports'),
      stop: on.call('POST /contact_imports/{contact_import_id}/stop'),
      refused: on.call('GET /contact_imports/{contact_import_id}/refused'),
    },
    contactNotes: {
      list: on.call('GET /contacts/{contact_id}/notes'),
      get: on.call('GET /contacts/{contact_id}/notes/{note_id}'),
      create: on.call('POST /contacts/{contact_id}/notes'),
      update: on.call('PATCH /contacts/{contact_id}/notes/{note_id}'),
      delete: on.remove('DELETE /contacts/{contact_id}/notes/{note_id}'),
    },
    customAttributeDefinitions: {
      list: on.list('GET /custom_attribute_definitions'),
      get: on.call('GET /custom_attribute_definitions/{custom_attribute_definition_id}'),
      create: on.call('POST /custom_attribute_definitions'),
      update: on.call('PATCH /custom_attribute_definitions/{custom_attribute_definition_id}'),
      delete: on.remove('DELETE /custom_attribute_definitions/{custom_attribute_definition_id}'),
    },
    inboxes: {
      list: on.list('GET /inboxes'),
      get: on.call('GET /inboxes/{inbox_id}'),
      create: on.call('POST /inboxes'),
      update: on.call('PATCH /inboxes/{inbox_id}'),
      delete: on.remove('DELETE /inboxes/{inbox_id}'),
      check: on.safe('POST /inboxes/{inbox_id}/check'),
      mailbox: on.call('GET /inboxes/{inbox_id}/mailbox'),
      signature: on.call('GET /inboxes/{inbox_id}/signature'),
      setSignature: on.safe('PUT /inboxes/{inbox_id}/signature'),
      visitorLabels: on.list('GET /inboxes/{inbox_id}/visitor_labels'),
      setVisitorLabels: on.safe('PUT /inboxes/{inbox_id}/visitor_labels'),
      rotateHmacToken: on.call('POST /inboxes/{inbox_id}/rotate_hmac_token'),
      members: on.list('GET /inbox_members/{inbox_id}'),
      addMembers: on.safe('POST /inbox_members/{inbox_id}'),
      setMembers: on.call('PATCH /inbox_members/{inbox_id}'),
      removeMembers: on.call('DELETE /inbox_members/{inbox_id}'),
    },
    bots: {
      list: on.list('GET /agent_bots'),
      get: on.call('GET /agent_bots/{agent_bot_id}'),
      create: on.call('POST /agent_bots'),
      update: on.call('PATCH /agent_bots/{agent_bot_id}'),
      delete: on.remove('DELETE /agent_bots/{agent_bot_id}'),
      rotateToken: on.call('POST /agent_bots/{agent_bot_id}/rotate_token'),
      rotateSecret: on.call('POST /agent_bots/{agent_bot_id}/rotate_secret'),
      ofInbox: on.call('GET /inboxes/{inbox_id}/agent_bot'),
      setForInbox: on.safe('POST /inboxes/{inbox_id}/agent_bot'),
    },
    notifications: {
      list: on.pages('GET /notifications', ({ payload, meta }) => ({
        items: payload,
        next: meta.next === null ? undefined : { cursor: meta.next },
      })),
      unreadCount: on.call('GET /notifications/unread_count'),
      get: on.call('GET /notifications/{notification_id}'),
      update: on.call('PATCH /notifications/{notification_id}'),
      delete: on.remove('DELETE /notifications/{notification_id}'),
      readAll: on.safe('POST /notifications/read_all'),
      removeAll: on.safe('POST /notifications/destroy_all'),
      settings: on.call('GET /notification_settings'),
      updateSettings: on.call('PATCH /notification_settings'),
    },
    views: {
      list: on.list('GET /views'),
      get: on.call('GET /views/{view_id}'),
      create: on.call('POST /views'),
      update: on.call('PATCH /views/{view_id}'),
      delete: on.remove('DELETE /views/{view_id}'),
      conversations: on.call('GET /views/{view_id}/conversations'),
      count: on.call('GET /views/{view_id}/count'),
    },
    macros: {
      list: on.list('GET /macros'),
      get: on.call('GET /macros/{macro_id}'),
      create: on.call('POST /macros'),
      update: on.call('PATCH /macros/{macro_id}'),
      delete: on.remove('DELETE /macros/{macro_id}'),
      preview: on.safe('POST /macros/{macro_id}/preview'),
      execute: on.call('POST /macros/{macro_id}/execute'),
      undo: on.call('POST /macro_runs/{macro_run_id}/undo'),
    },
    bulkActions: {
      list: on.list('GET /bulk_actions'),
      get: on.call('GET /bulk_actions/{bulk_action_id}'),
      create: on.call('POST /bulk_actions'),
      stop: on.call('POST /bulk_actions/{bulk_action_id}/stop'),
      undo: on.call('POST /bulk_actions/{bulk_action_id}/undo'),
    },
    labels: {
      list: on.list('GET /labels'),
      get: on.call('GET /labels/{label_id}'),
      create: on.call('POST /labels'),
      update: on.call('PATCH /labels/{label_id}'),
      delete: on.remove('DELETE /labels/{label_id}'),
    },
    teams: {
      list: on.call('GET /teams'),
      get: on.call('GET /teams/{team_id}'),
      create: on.call('POST /teams'),
      update: on.call('PATCH /teams/{team_id}'),
      delete: on.remove('DELETE /teams/{team_id}'),
      members: on.call('GET /teams/{team_id}/team_members'),
      addMembers: on.safe('POST /teams/{team_id}/team_members'),
      setMembers: on.call('PATCH /teams/{team_id}/team_members'),
      removeMembers: on.call('DELETE /teams/{team_id}/team_members'),
    },
    agents: {
      list: on.call('GET /agents'),
      create: on.call('POST /agents'),
      update: on.call('PATCH /agents/{agent_id}'),
      delete: on.remove('DELETE /agents/{agent_id}'),
      createPasswordLink: on.call('POST /agents/{agent_id}/password_link'),
      presence: on.list('GET /presence'),
    },
    accessTokens: {
      list: on.list('GET /access_tokens'),
      delete: on.remove('DELETE /access_tokens/{access_token_id}'),
    },
    webhooks: {
      list: on.list('GET /webhooks'),
      get: on.call('GET /webhooks/{webhook_id}'),
      create: on.call('POST /webhooks'),
      update: on.call('PATCH /webhooks/{webhook_id}'),
      delete: on.remove('DELETE /webhooks/{webhook_id}'),
      rotateSecret: on.call('POST /webhooks/{webhook_id}/rotate_secret'),
      /** From the newest delivery on. */
      deliveries: on.pages('GET /webhooks/{webhook_id}/deliveries', ({ payload, meta: { before_id } }) => ({
        items: payload,
        next: before_id === null ? undefined : { before_id },
      })),
      redeliver: on.call('POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver'),
    },
    events: {
      /** The events of the log after a position, up to now. */
      list: on.pages('GET /events', ({ payload, meta }) => ({
        items: payload,
        next: payload.length === 0 ? undefined : meta,
      })),
      /** Follows what happens. */
      stream: (options?: StreamOptions) =>
        new EventStream<AccountEvent | AccountSignal>(on.transport, `${path}/events`, options),
    },
  }
}

/** The calls about the user of the token. */
export function profileResource(on: Caller<ServerCalls>) {
  return {
    get: on.call('GET /api/v1/profile'),
    /** Not repeated: it can change the password, for which the old one is needed. */
    update: on.once('PATCH /api/v1/profile'),
    changeEmail: on.once('POST /api/v1/profile/email'),
    accessTokens: on.list('GET /api/v1/profile/access_tokens'),
    createAccessToken: on.call('POST /api/v1/profile/access_tokens'),
    deleteAccessToken: on.remove('DELETE /api/v1/profile/access_tokens/{access_token_id}'),
  }
}
