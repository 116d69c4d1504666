/*
 * The messages between the script on the website and the page in the frame, sent with postMessage as `{ ndoto: ... }`. Each
 * side accepts only messages from the other's window and origin. The two may have different versions: browsers cache the
 * script for some minutes.
 */

/** The visitor as the website describes them. */
export interface User {
  name?: string
  email?: string
  phone_number?: string
  /** A JWT that proves the identifier, signed with the inbox's key on the website's server. */
  identity_token?: string
  /** HMAC-SHA256 of the identifier under the inbox's key, in hex; made there, too. */
  identifier_hash?: string
}

/** What a website can set, in place of the settings of the inbox and of the visitor's system. */
export interface Appearance {
  position?: 'right' | 'left'
  /** A value of the CSS property; `light dark` follows the visitor's system. */
  colorScheme?: 'light' | 'dark' | 'light dark'
  /** Shown on the button next to its icon. */
  label?: string
}

/** What a website says about the conversation. The frame keeps these until it has loaded what handles them. */
export interface LateCalls {
  changeLabels: [change: { add?: string[]; remove?: string[] }]
  addConversationAttributes: [attributes: Record<string, unknown>]
}

/** The events that a website can listen to. */
export interface Happening {
  open: undefined
  close: undefined
  /** The number of unread messages. */
  unread: number
  /** A call has failed. */
  error: { message: string }
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

/** Calls of the JavaScript API that the frame handles. */
export interface Calls {
  open: []
  close: []
  toggle: []
  setUser: [identifier: string, user: User]
  setLocale: [locale: string]
  setCustomAttributes: [attributes: Record<string, unknown>]
  reset: []
}

/** How long a value is stored: `local` until it is removed, `session` as long as the tab is open. */
export type Area = 'local' | 'session'

/** Where the visitor is. Addresses have no query and no fragment, because these can contain secrets. */
export interface Visit {
  page_url: string
  page_title: string
  /** The page that led here; empty if there is none. */
  referrer_url: string
}

type AllCalls = Calls & LateCalls
type Call = { [Name in keyof AllCalls]: { type: 'call'; name: Name; args: AllCalls[Name] } }[keyof AllCalls]

/** To the frame. */
export type ToFrame =
  /** The first message: describes the page; sent again when it changes, or the window becomes narrow or wide. */
  | {
      type: 'page'
      isPhone: boolean
      locale: string
      /** This and the next are missing from a script of an earlier version. */
      visit?: Visit
      appearance?: Appearance
      /** What the website stores for a frame without its own storage. */
      kept?: Record<Area, Record<string, string>> | undefined
    }
  /** Another tab has changed a stored value. */
  | { type: 'kept'; name: string; text: string | undefined }
  | Call

/** To the website. */
export type ToPage =
  /** The frame has loaded. A website that is not allowed never receives it. */
  | { type: 'ready'; borrows: boolean }
  /** A value for the website to store, if the frame has no storage; an undefined `text` removes it. */
  | { type: 'keep'; area: Area; name: string; text: string | undefined }
  /** What the frame shows, and its name for screen readers. */
  | {
      type: 'shape'
      shape: 'button' | 'panel'
      position: 'right' | 'left'
      label: string
      /** The width of the button, in pixels. */
      width?: number | undefined
    }
  | { [Name in keyof Happening]: { type: 'event'; name: Name; detail: Happening[Name] } }[keyof Happening]
  /** The visitor's data is removed: the frame can be replaced. */
  | { type: 'wiped' }
  | { type: 'warning'; text: string }
