import { signal } from '@preact/signals'
import type { ErrorCode } from '../../../../src/lib/error-codes.ts'
import * as api from '../../../shared/api.ts'
import type { User } from '../../protocol.ts'
import type { Contact } from './api-types.ts'
import { settings } from './settings.ts'
import { keep, read, whenChangedElsewhere, wipe } from './visitor-storage.ts'

/** The contact of this browser in the inbox. */
interface Visitor {
  /** The secret that gives access to the contact's conversations. */
  source_id: string
  /** The identifier that the website has set, whether proven or not. */
  identifier?: string | undefined
  /** The last `setUser` call sent to the server, as JSON: it is not sent twice. */
  said?: string | undefined
}

/** undefined until the visitor writes or is identified: browsing the website creates no contact. */
export const visitor = signal<Visitor | undefined>(read('visitor'))

/** What the website has set, and the visitor said, before the contact exists. */
export let details: User & { identifier?: string | undefined } = {}
export let attributes: Record<string, unknown> = {}
/** The user whom the website has identified with a proof since the page was loaded. */
let proof: { identifier: string; user: User } | undefined
/** Aborted when the visitor leaves, so that no response reaches the next visitor. */
let lifetime = new AbortController()

const base = new URL(`../public/api/v1/inboxes/${settings.inbox}`, location.href).href

/** Calls the client API by its path in the inbox. Throws CallError. */
export function callInbox<T>(path: string, options: api.CallOptions = {}): Promise<T> {
  const timeout = options.body instanceof FormData ? 300_000 : 20_000
  const signals = [lifetime.signal, ...(options.signals ?? [])]
  return api.call(base + path, { ...options, timeout, signals, credentials: 'omit' })
}

/** Returns the URL of a path below the visitor's contact. */
export function ownUrl(path: string): string {
  return `${base}/contacts/${visitor.value?.source_id}${path}`
}

/** Calls a path below the visitor's contact. Throws CallError. */
export async function callOwn<T>(path: string, options: api.CallOptions = {}): Promise<T> {
  const id = visitor.value?.source_id
  try {
    return await callInbox<T>(`/contacts/${id}${path}`, options)
  } catch (error) {
    forgetIfErased(id!, (error as api.CallError).code)
    throw error
  }
}

/**
 * Forgets a secret that no longer opens a contact. With a proof of identity the visitor is identified again; otherwise
 * their next message creates a new contact.
 */
export function forgetIfErased(id: string, code: ErrorCode | undefined): void {
  // Not the status: a failing proxy may also respond 404, and the secret would be lost for ever.
  if (code !== 'unknown_source_id' || visitor.value?.source_id !== id) return
  // Another tab may have stored a new secret already, before this tab received the storage event.
  const other = read<Visitor>('visitor')
  if (other && other.source_id !== id) visitor.value = other
  else forget()
}

function forget(): void {
  storeVisitor(undefined)
  if (!proof) return
  const { identifier, user } = proof
  // If the token has expired, there is no visitor until the website identifies them again.
  enqueue(
    () => identify(identifier, user),
    () => {},
  )
}

let lastAction = Promise.resolve()

/** Runs an action of the website after its earlier ones. Repeats it while the server cannot be reached. */
export function enqueue(action: () => Promise<void>, onFailure: (error: Error) => void): void {
  const own = lifetime
  lastAction = lastAction.then(async () => {
    for (let tries = 0; own === lifetime || tries === 0; tries++) {
      try {
        return await action()
      } catch (error) {
        if (!(error instanceof api.CallError && error.isPassing)) return onFailure(error as Error)
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** tries, 15_000)))
      }
    }
  })
}

/** Creates the contact if there is none, after all earlier calls of the website. Throws CallError. */
export async function arrive(): Promise<void> {
  await lastAction
  if (visitor.value) return
  const contact = await callInbox<Contact>('/contacts', {
    method: 'POST',
    body: { ...details, custom_attributes: attributes },
  })
  // Another tab may have been first.
  const other = read<Visitor>('visitor')
  if (other) visitor.value = other
  else storeVisitor({ source_id: contact.source_id, identifier: details.identifier, said: textOf(details) })
}

function storeVisitor(next: Visitor | undefined): void {
  keep('visitor', next)
  visitor.value = next
}

function textOf(user: object): string | undefined {
  return Object.keys(user).length > 0 ? JSON.stringify(user) : undefined
}

/**
 * Identifies the visitor. A token or hash that proves the identifier opens the contact's conversations; without one, agents
 * see the identifier as a claim. A visitor with another identifier leaves first. Throws CallError, and an Error if the inbox
 * requires a proof.
 */
export async function identify(identifier: string, user: User): Promise<void> {
  const { name, email, phone_number, identity_token, identifier_hash } = user
  const isProven = Boolean(identity_token || identifier_hash)
  const fields = withoutGaps({ identifier, name, email, phone_number, identity_token, identifier_hash })
  // Each page may have a new token for the same user.
  const said = textOf(identity_token ? { ...fields, identity_token: '' } : fields)
  const current = visitor.value
  if (current?.identifier !== undefined && current.identifier !== identifier) leave()
  proof = isProven ? { identifier, user } : undefined
  if (current?.said === said) return
  if (isProven) {
    // The secret adds the conversations that the visitor began before they were identified.
    const body = { ...fields, custom_attributes: attributes, source_id: visitor.value?.source_id }
    const { source_id } = await callInbox<Contact>('/contacts', { method: 'POST', body })
    storeVisitor({ source_id, identifier, said })
  } else if (settings.identity_validation) {
    throw new Error('this inbox needs an identity_token or an identifier_hash with the identifier')
  } else {
    details = fields
    if (!visitor.value) return
    await callOwn('', { method: 'PATCH', body: withoutGaps({ name, email, phone_number }) })
    storeVisitor({ ...visitor.value!, identifier, said })
  }
}

function withoutGaps(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((pair) => pair[1] != null)) as Record<
    string,
    string
  >
}

/** Adds custom attributes to the contact; existing ones do not change. Throws CallError. */
export async function describe(more: Record<string, unknown>): Promise<void> {
  attributes = { ...attributes, ...more }
  if (visitor.value) await callOwn('', { method: 'PATCH', body: { custom_attributes: more } })
}

/** Removes the visitor from the browser's storage and from memory, and aborts their requests. */
export function leave(): void {
  wipe()
  replaceVisitor(undefined)
}

function replaceVisitor(next: Visitor | undefined): void {
  lifetime.abort()
  lifetime = new AbortController()
  details = {}
  attributes = {}
  proof = undefined
  for (const callback of leaving) callback()
  visitor.value = next
}

const leaving: (() => void)[] = []

/** Calls back when the visitor leaves, to drop their pending work. */
export function whenLeaving(callback: () => void): void {
  leaving.push(callback)
}

/** Follows other tabs, in which the visitor is identified or leaves. */
export function followTabs(): void {
  whenChangedElsewhere('visitor', () => {
    const other = read<Visitor>('visitor')
    const current = visitor.value
    // The other tab has emptied the shared storage. Emptying it again could remove the next visitor.
    if (!other || (current?.identifier !== undefined && current.identifier !== other.identifier))
      replaceVisitor(other)
    else visitor.value = other
  })
}
