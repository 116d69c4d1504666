import { localized, number, plural } from '../language.ts'

/**
 * What errors of the server are called, by their codes. In English the sentences of the server itself are shown, which say
 * more: only translations of these texts are loaded. A text with a value contains the sentence of the server, because its
 * code can mean several things.
 */
export const errorStrings = localized('errors', {
  codes: {
    malformed: (sentence: string) => `The server did not understand that (${sentence}).`,
    unauthenticated: 'Sign in again.',
    wrong_credentials: 'The email address or the password is wrong.',
    forbidden: (sentence: string) => `You may not do that (${sentence}).`,
    administrator_required: 'Only an administrator can do that.',
    contact_blocked: 'This contact is blocked.',
    link_expired: 'This link has expired. Open the message again.',
    origin_not_allowed: 'The server does not accept this address of the dashboard.',
    not_found: (sentence: string) => `That does not exist, or you may not see it (${sentence}).`,
    request_timeout: 'The request took too long to arrive. Try again.',
    conflict: (sentence: string) => `That is not possible now (${sentence}).`,
    assignee_changed: (sentence: string) => `Somebody else has the conversation now (${sentence}).`,
    inbox_has_conversations: 'The inbox has conversations, which would be deleted with it.',
    last_administrator: 'The account would have no administrator left.',
    limit_reached: (sentence: string) => `There are as many as there can be (${sentence}).`,
    stale: (sentence: string) => `It is too late for that, or something has changed meanwhile (${sentence}).`,
    too_large: (sentence: string) => `That is too large (${sentence}).`,
    idempotency_key_reused: 'This was sent already.',
    too_many_requests: (sentence: string) => `Too many requests. Wait a moment (${sentence}).`,
    headers_too_large: 'The address of the page is too long.',
    internal_error: 'The server has a fault. Its log has the details.',
    unavailable: (sentence: string) => `The server cannot do that at the moment (${sentence}).`,
  },
  /** Each continues a sentence that begins with the name of the field. */
  fields: {
    required: 'is required',
    empty: 'must not be empty',
    wrong_type: 'has a value of the wrong kind',
    wrong_format: (sentence: string) => `does not have the right form (${sentence})`,
    too_short: 'is too short',
    too_long: 'is too long',
    too_many_items: 'has too many items',
    too_small: 'is too small',
    too_large: (sentence: string) => `is too large (${sentence})`,
    not_allowed_value: (sentence: string) => `cannot have this value (${sentence})`,
    not_allowed: (sentence: string) => `is not possible (${sentence})`,
    not_found: (sentence: string) => `does not exist, or you may not see it (${sentence})`,
    taken: (sentence: string) => `is already used (${sentence})`,
    duplicate: 'is listed twice',
    in_the_past: 'must be in the future',
    expired: (sentence: string) => `has expired: request a new link (${sentence})`,
    wrong_password: 'is not your current password',
    weak_password: 'is easy to guess',
  },
  /** The same, if the server says the number. */
  limits: {
    too_short: (limit: number) => `is too short: at least ${number(limit)}`,
    too_long: (limit: number) =>
      plural(limit, { one: 'can have only # character', other: 'can have only # characters' }),
    too_many_items: (limit: number) =>
      plural(limit, { one: 'can have only # item', other: 'can have only # items' }),
    too_small: (limit: number) => `must be at least ${number(limit)}`,
    too_large: (limit: number) => `must be at most ${number(limit)}`,
  },
  /** The answer of a proxy, which says nothing else. */
  status: (status: number) => `The server responded with ${status}.`,
})
