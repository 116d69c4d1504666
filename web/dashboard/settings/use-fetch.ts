import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call } from '../data/call.ts'

/** The state of a fetch; `value` is undefined until the response has arrived. */
export interface FetchState<T> {
  value: Signal<T | undefined>
  /** Why the last fetch failed. */
  trouble: Signal<string | undefined>
  /** Fetches again; the value stays until the response arrives. Never throws. */
  reload(): Promise<void>
}

/** Fetches a path of the server, and again when it changes. A hook. */
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
