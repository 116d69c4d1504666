import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call } from '../data/call.ts'

/** What a page has asked the server for; `value` is undefined until it is there. */
export interface FetchState<T> {
  value: Signal<T | undefined>
  /** Why it is not there. */
  trouble: Signal<string | undefined>
  /** Asks again; what is there stays until the answer comes. Never throws. */
  reload(): Promise<void>
}

/** Asks the server for what a page shows, by its whole path; again when the path changes. A hook. */
export function useFetch<T>(path: string): FetchState<T> {
  const value = useSignal<T | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const current = useSignal(path)
  const reload = async () => {
    try {
      const found = await call<T>(path)
      if (current.value !== path) return
      value.value = found
      trouble.value = undefined
    } catch (error) {
      if (current.value === path) trouble.value = (error as Error).message
    }
  }
  useEffect(() => {
    current.value = path
    value.value = undefined
    void reload()
  }, [path])
  return { value, trouble, reload }
}
