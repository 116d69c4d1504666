/*
 * What the script on the website and the page in the frame say to each other, by postMessage as `{ ndoto: ... }`. Each
 * side takes only what comes from the other's window and origin. The two are not always of the same version: browsers
 * keep the script for some minutes.
 */

/** Who the visitor is, as the website says. */
export interface User {
  name?: string
  email?: string
  phone_number?: string
  /** A JWT that proves the identifier, signed with the inbox's key on the website's server. */
  identity_token?: string
  /** HMAC-SHA256 of the identifier under the inbox's key, in hex; made there, too. */
  identifier_hash?: string
}

/** What the website is told. */
export interface Happening {
  open: undefined
  close: undefined
  /** How many messages are unread. */
  unread: number
  /** An agent has written. */
  message: {
    id: number
    conversation_id: number
    content: string | null
    content_type: string
    /** Unix seconds. */
    created_at: number
    sender: { name: string; avatar_url: string | null } | null
  }
}

/** Calls of the JavaScript API that the frame answers. */
export interface Calls {
  open: []
  close: []
  toggle: []
  setUser: [identifier: string, user: User]
  setLocale: [locale: string]
  setCustomAttributes: [attributes: Record<string, unknown>]
  reset: []
}

/** How long something is kept: `local` until it is removed, `session` as long as the tab. */
export type Area = 'local' | 'session'

type Call = { [Name in keyof Calls]: { type: 'call'; name: Name; args: Calls[Name] } }[keyof Calls]

/** To the frame. */
export type ToFrame =
  /** The first: how the page is; again when the size of its window class changes. */
  | {
      type: 'page'
      isPhone: boolean
      locale: string
      /** What the website keeps for a frame that has no storage of its own. */
      kept?: Record<Area, Record<string, string>> | undefined
    }
  /** Another tab has changed some of that. */
  | { type: 'kept'; name: string; text: string | undefined }
  | Call

/** To the website. */
export type ToPage =
  /** The page in the frame runs, which a website that is not allowed never hears. */
  | { type: 'ready'; borrows: boolean }
  /** For the website to keep, where the frame borrows its storage; nothing removes it. */
  | { type: 'keep'; area: Area; name: string; text: string | undefined }
  /** What it shows, and its name for screen readers. */
  | { type: 'shape'; shape: 'button' | 'panel'; position: 'right' | 'left'; label: string }
  | { [Name in keyof Happening]: { type: 'event'; name: Name; detail: Happening[Name] } }[keyof Happening]
  /** Nothing of the visitor is left: the frame can go. */
  | { type: 'wiped' }
  | { type: 'warning'; text: string }
