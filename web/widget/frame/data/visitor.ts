import { signal } from '@preact/signals'
import * as api from '../../../shared/api.ts'
import type { User } from '../../protocol.ts'
import type { Contact } from './api-types.ts'
import { settings } from './settings.ts'
import { keep, read, whenChangedElsewhere, wipe } from './visitor-storage.ts'

/** The contact whom this browser is here. */
interface Visitor {
  /** The secret that opens everything of theirs. */
  source_id: string
  /** Of whom the website has said it is, whether proven or not. */
  identifier?: string | undefined
  /** What it has said, so that it is told to the server once. */
  said?: string | undefined
}

/** undefined until there is one: somebody who only looks at the website is nobody. */
export const visitor = signal<Visitor | undefined>(read('visitor'))

/** What the website said before there is a contact. */
let details: User & { identifier?: string | undefined } = {}
let attributes: Record<string, unknown> = {}
/** Who the website has proven the visitor to be, in this page. */
let proof: { identifier: string; user: User } | undefined
/** Ends with the visitor: no answer to them may arrive at the next one. */
let life = new AbortController()

const base = new URL(`../public/api/v1/inboxes/${settings.inbox}`, location.href).href

/** Calls the client API by its path in the inbox. Throws CallError. */
function call<T>(path: string, options: api.CallOptions): Promise<T> {
  const timeout = options.body instanceof FormData ? 300_000 : 20_000
  const signals = [life.signal, ...(options.signals ?? [])]
  return api.call(base + path, { ...options, timeout, signals, credentials: 'omit' })
}

/** The address of what is the visitor's own. */
export function ownUrl(path: string): string {
  return `${base}/contacts/${visitor.value?.source_id}${path}`
}

/** Calls what is the visitor's own. Throws CallError. */
export async function callOwn<T>(path: string, options: api.CallOptions = {}): Promise<T> {
  const id = visitor.value?.source_id
  try {
    return await call<T>(`/contacts/${id}${path}`, options)
  } catch (error) {
    // The contact was erased. (A 404 for what is below it is one of that.)
    if (error instanceof api.CallError && error.status === 404) await forgetIfErased(id!)
    throw error
  }
}

/** If a secret opens no contact any more, it is forgotten: a proof opens the contact again, else the next message begins anew. */
export async function forgetIfErased(id: string): Promise<void> {
  try {
    await call(`/contacts/${id}`, {})
  } catch (error) {
    // By the words of the server: a proxy in trouble may say 404, too, and the secret would be lost for ever.
    const isErased =
      error instanceof api.CallError && error.status === 404 && error.message.includes('contact')
    if (!isErased || visitor.value?.source_id !== id) return
    // Another tab may have got a new one in its place: that news is on its way.
    const other = read<Visitor>('visitor')
    if (other && other.source_id !== id) visitor.value = other
    else forget()
  }
}

function forget(): void {
  become(undefined)
  if (!proof) return
  const { identifier, user } = proof
  // Its token may have expired: then nobody is here until the website says again who it is.
  inTurn(
    () => identify(identifier, user),
    () => {},
  )
}

let turn = Promise.resolve()

/** Does what the website wants, after all that it wanted before; tries again while there is no network. */
export function inTurn(action: () => Promise<void>, onFailure: (error: Error) => void): void {
  const own = life
  turn = turn.then(async () => {
    for (let tries = 0; own === life || tries === 0; tries++) {
      try {
        return await action()
      } catch (error) {
        if (!(error instanceof api.CallError && error.isPassing)) return onFailure(error as Error)
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** tries, 15_000)))
      }
    }
  })
}

/** Makes a contact where there is none yet, once it is known who the website says it is. Throws CallError. */
export async function arrive(): Promise<void> {
  await turn
  if (visitor.value) return
  const contact = await call<Contact>('/contacts', {
    method: 'POST',
    body: { ...details, custom_attributes: attributes },
  })
  // Another tab may have been first.
  const other = read<Visitor>('visitor')
  if (other) visitor.value = other
  else become({ source_id: contact.source_id, identifier: details.identifier, said: saidOf(details) })
}

function become(next: Visitor | undefined): void {
  keep('visitor', next)
  visitor.value = next
}

function saidOf(user: object): string | undefined {
  return Object.keys(user).length > 0 ? JSON.stringify(user) : undefined
}

/**
 * Who the visitor is, as the website says. With a token or a hash that proves it they get what is theirs; without one nothing is
 * opened, and agents see it as a claim. Somebody else's is left in any case. Throws CallError, and what the website did wrong.
 */
export async function identify(identifier: string, user: User): Promise<void> {
  const { name, email, phone_number, identity_token, identifier_hash } = user
  const isProven = Boolean(identity_token || identifier_hash)
  const wanted = withoutGaps({ identifier, name, email, phone_number, identity_token, identifier_hash })
  // Each page brings another token for the same person.
  const said = saidOf(identity_token ? { ...wanted, identity_token: '' } : wanted)
  const known = visitor.value
  if (known?.identifier !== undefined && known.identifier !== identifier) leave()
  proof = isProven ? { identifier, user } : undefined
  if (known?.said === said) return
  if (isProven) {
    // Who has written before it was known who they are goes on with that.
    const body = { ...wanted, custom_attributes: attributes, source_id: visitor.value?.source_id }
    const { source_id } = await call<Contact>('/contacts', { method: 'POST', body })
    become({ source_id, identifier, said })
  } else if (settings.identity_validation) {
    throw new Error('this inbox needs an identity_token or an identifier_hash with the identifier')
  } else {
    details = wanted
    if (!visitor.value) return
    await callOwn('', { method: 'PATCH', body: withoutGaps({ name, email, phone_number }) })
    become({ ...visitor.value!, identifier, said })
  }
}

function withoutGaps(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((pair) => pair[1] != null)) as Record<
    string,
    string
  >
}

/** Adds to what is known of the visitor; what is there already stays. Throws CallError. */
export async function describe(more: Record<string, unknown>): Promise<void> {
  attributes = { ...attributes, ...more }
  if (visitor.value) await callOwn('', { method: 'PATCH', body: { custom_attributes: more } })
}

/** Nothing of the visitor stays: neither in the browser nor here, and no answer for them arrives. */
export function leave(): void {
  wipe()
  goOn(undefined)
}

function goOn(next: Visitor | undefined): void {
  life.abort()
  life = new AbortController()
  details = {}
  attributes = {}
  proof = undefined
  for (const callback of leaving) callback()
  visitor.value = next
}

const leaving: (() => void)[] = []

/** Calls back when the visitor leaves: what is still to be done for them is not done any more. */
export function whenLeaving(callback: () => void): void {
  leaving.push(callback)
}

/** Follows what other tabs do: they have become somebody, or left. */
export function followTabs(): void {
  whenChangedElsewhere('visitor', () => {
    const other = read<Visitor>('visitor')
    const known = visitor.value
    // What they have wiped is theirs: it is not to be wiped here, where the next visitor's may stand already.
    if (!other || (known?.identifier !== undefined && known.identifier !== other.identifier)) goOn(other)
    else visitor.value = other
  })
}
