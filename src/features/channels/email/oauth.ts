import type { Context } from '../../../http/feature.ts'
import { post } from '../../../lib/outgoing.ts'
import { secretHash } from '../../../lib/secrets.ts'
import { Slot } from '../../../lib/slot.ts'
import type { EmailInbox } from './inbox.ts'
import { findMailbox, replaceRefreshToken } from './mailbox.store.ts'
import type { OauthSettings } from './settings.ts'

/** The access tokens of a server, which it fetches when it needs them. */
export const accessTokens = new Slot<AccessTokens>('access tokens')

// A token is replaced this long before it expires, in milliseconds.
const margin = 120_000

interface Token {
  value: string
  /** Milliseconds. */
  expiresAt: number
  /** The grant that it was fetched with. */
  grant: string
}

/** Fetches access tokens for mailboxes from their providers (RFC 6749, section 6), and keeps them until they expire. */
export class AccessTokens {
  readonly #tokens = new Map<string, Token>()
  // A grant is used by one request at a time: that of Microsoft is replaced with each use.
  readonly #requests = new Map<string, Promise<string>>()

  /**
   * Returns a token for the mailbox of an inbox with `oauth`. Throws an error with a sentence for administrators if the
   * provider does not grant one.
   */
  async get(context: Context, inbox: EmailInbox): Promise<string> {
    const { oauth } = inbox.settings
    if (!oauth) throw new Error('the inbox has no oauth settings')
    const key = `${inbox.account_id} ${inbox.id}`
    const grant = secretHash(JSON.stringify(oauth))
    const known = this.#tokens.get(key)
    if (known?.grant === grant && known.expiresAt - margin > Date.now()) return known.value
    const request = `${key} ${grant}`
    const fetchToken = async () => {
      const token = { ...(await refresh(context, inbox, oauth)), grant }
      this.#tokens.set(key, token)
      return token.value
    }
    const running = this.#requests.get(request) ?? fetchToken().finally(() => this.#requests.delete(request))
    this.#requests.set(request, running)
    return running
  }

  /** Forgets a token of an inbox, because a server has refused it. A newer one stays. */
  forget({ account_id, id }: EmailInbox, token: string): void {
    const key = `${account_id} ${id}`
    if (this.#tokens.get(key)?.value === token) this.#tokens.delete(key)
  }
}

async function refresh(context: Context, inbox: EmailInbox, oauth: OauthSettings) {
  const { config, database, resolve } = context
  const key = { account_id: inbox.account_id, inbox_id: inbox.id }
  const stored = await findMailbox(database.read, key)
  const original = secretHash(oauth.refresh_token)
  // Microsoft replaces the token with each use. The stored one has replaced that of the settings.
  const isCurrent = stored?.refresh_token_of === original && stored.refresh_token !== null
  const refresh_token = isCurrent ? stored.refresh_token! : oauth.refresh_token
  const { client_id, client_secret } = oauth
  const form = {
    grant_type: 'refresh_token',
    client_id,
    refresh_token,
    ...(client_secret ? { client_secret } : {}),
  }
  const { code, error, answer } = await post(tokenUrl(oauth), {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
    maxAnswerBytes: 64 * 1024,
    allowPrivate: config.webhookAllowPrivate,
    ...(resolve ? { resolve } : {}),
  })
  const response = parsed(answer)
  const { access_token, expires_in, refresh_token: next } = response
  if (error !== null || typeof access_token !== 'string') throw new Error(refusal(oauth, code, response))
  if (typeof next === 'string' && next !== refresh_token) {
    await database.transaction(key.account_id, (tx) => replaceRefreshToken(tx, key, next, original))
  }
  const seconds = typeof expires_in === 'number' ? expires_in : 3600
  return { value: access_token, expiresAt: Date.now() + seconds * 1000 }
}

function tokenUrl({ provider, tenant = 'common', token_url = '' }: OauthSettings): string {
  if (provider === 'google') return 'https://oauth2.googleapis.com/token'
  if (provider === 'other') return token_url
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function refusal(
  { provider }: OauthSettings,
  code: number | null,
  response: Record<string, unknown>,
): string {
  const reason = [response.error, response.error_description].filter((one) => typeof one === 'string')
  const details = reason.join(': ').slice(0, 200) || (code === null ? 'no response' : `status ${code}`)
  return `${provider} does not grant access to the mailbox (${details}): create a new refresh token`
}
