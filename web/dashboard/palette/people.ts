import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Company, Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'

const least = 2
// Milliseconds without a letter after which the server is asked.
const pause = 150
const most = 8

/** The contacts that a typed text finds, shortly after it was typed; none for a single letter. */
export function useContacts(typed: ReadonlySignal<string>): readonly Contact[] {
  return useFound<Contact>('contacts', typed)
}

/** The companies that a typed text finds, in the same way. */
export function useCompanies(typed: ReadonlySignal<string>): readonly Company[] {
  return useFound<Company>('companies', typed)
}

function useFound<Thing>(what: 'contacts' | 'companies', typed: ReadonlySignal<string>): readonly Thing[] {
  const found = useSignal<readonly Thing[]>([])
  const text = typed.value.trim()
  useEffect(() => {
    found.value = []
    if (text.length < least) return
    let isCurrent = true
    const timer = setTimeout(async () => {
      const query = new URLSearchParams({ q: text })
      const page = await call<{ payload: Thing[] }>(`${accountPath()}/${what}/search?${query}`).catch(
        () => undefined,
      )
      if (page && isCurrent) found.value = page.payload.slice(0, most)
    }, pause)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [text])
  return found.value
}
