import type { Generated } from 'kysely'

declare module '../../db/tables.ts' {
  interface Tables {
    users: User
    account_users: AccountUser
    access_tokens: AccessToken
    token_memberships: TokenMembership
    sessions: Session
    user_links: UserLink
  }
}

interface User {
  id: Generated<number>
  /**
   * What they sign in with: their address. Until an invitation is accepted, `invited to ACCOUNT: ADDRESS`, which is not
   * an address: an invited user belongs to one account alone.
   */
  login: string
  /** Lower case. */
  email: string
  name: string
  password_hash: string
  avatar_url: string | null
  /** 0 until an invitation is accepted. */
  confirmed: Generated<number>
  /** The language of the dashboard; null for that of the browser. */
  locale: string | null
  created_at: number
  updated_at: number
}

interface AccountUser {
  account_id: number
  user_id: number
  role: 'administrator' | 'agent'
  availability: Generated<'online' | 'busy' | 'offline'>
  created_at: number
}

interface AccessToken {
  id: Generated<number>
  user_id: number
  name: string
  /** SHA-256 in hex. */
  token_hash: string
  /** Comma-separated. */
  scopes: string
  expires_at: number | null
  last_used_at: number | null
  created_at: number
}

/** An account that a token opens, as long as its user is a member there. New tokens have one. */
interface TokenMembership {
  account_id: number
  token_id: number
  user_id: number
}

/** A browser in which a user has signed in. */
interface Session {
  id: Generated<number>
  user_id: number
  /** SHA-256 in hex. */
  session_hash: string
  user_agent: string | null
  created_at: number
  last_used_at: number
  expires_at: number
}

/** What lets its holder set a user's password, or confirm their new address, once. */
interface UserLink {
  /** SHA-256 in hex. */
  link_hash: string
  user_id: number
  purpose: 'invitation' | 'password' | 'email'
  /** The new address, in lower case, of a link to confirm it. */
  email: string | null
  /** The account whose administrator was given the link to pass on; null if it was mailed to the user. */
  issued_in: number | null
  expires_at: number
  created_at: number
}
