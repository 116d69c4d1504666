import { signal } from '@preact/signals'
import type { Signature } from './api-types.ts'
import { call } from './call.ts'
import { accountPath } from './session.ts'

/** The signatures of the user that were loaded, by the path of their inbox. */
const loaded = signal<ReadonlyMap<string, Signature>>(new Map())

function pathOf(inbox: number): string {
  return `${accountPath()}/inboxes/${inbox}/signature`
}

/** The signature of the user in an inbox; undefined until it is loaded. */
export function signatureIn(inbox: number): Signature | undefined {
  return loaded.value.get(pathOf(inbox))
}

/** Loads a signature, unless it was loaded before. Throws CallError. */
export async function loadSignature(inbox: number): Promise<void> {
  const path = pathOf(inbox)
  if (loaded.peek().has(path)) return
  const signature = await call<Signature>(path)
  loaded.value = new Map(loaded.peek()).set(path, signature)
}

/** Saves a signature; an empty one is deleted. Throws CallError. */
export async function saveSignature(inbox: number, body: Signature): Promise<void> {
  const path = pathOf(inbox)
  const saved = await call<Signature>(path, { method: 'PUT', body })
  loaded.value = new Map(loaded.peek()).set(path, saved)
}
