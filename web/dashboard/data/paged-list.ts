import { signal } from '@preact/signals'
import { call } from './call.ts'
import { accountPath } from './session.ts'

/** A page of a list, and what the server said about the list. `next` loads the page after it; undefined on the last one. */
export type Page<Item, Said = unknown> = Said & {
  payload: readonly Item[]
  next: (() => Promise<Page<Item, Said>>) | undefined
}

/** Creates a list of a resource, such as `contacts`, that is loaded page by page. `first` loads its first page. */
export function pagedList<Item extends { id: number }, Said = unknown>(
  resource: string,
  first: () => Promise<Page<Item, Said>>,
) {
  /** All pages that were loaded, as one. */
  const listed = signal<Page<Item, Said> | undefined>(undefined)
  const trouble = signal<string | undefined>(undefined)
  const isLoading = signal(false)
  let loads = 0

  async function show(load: () => Promise<Page<Item, Said>>, before: readonly Item[]): Promise<void> {
    loads += 1
    const own = loads
    isLoading.value = true
    try {
      const page = await load()
      if (own !== loads) return
      const known = new Set(before.map(({ id }) => id))
      listed.value = { ...page, payload: [...before, ...page.payload.filter(({ id }) => !known.has(id))] }
      trouble.value = undefined
    } catch (error) {
      if (own === loads) trouble.value = (error as Error).message
    }
    if (own === loads) isLoading.value = false
  }

  function take(id: number, item: Item | undefined): void {
    const shown = listed.value
    if (!shown) return
    const payload = shown.payload.flatMap((one) => (one.id === id ? (item ?? []) : one))
    listed.value = { ...shown, payload }
  }

  return {
    listed,
    trouble,
    isLoading,
    /** Loads the first page, in place of what is shown. */
    load: () => show(first, []),
    async loadMore(): Promise<void> {
      const shown = listed.value
      if (shown?.next && !isLoading.value) await show(shown.next, shown.payload)
    },
    /** Shows an item that was changed as it is now, or no longer, if it is undefined. */
    take,
    /** Loads an item again, if it is shown. */
    async reload(id: number): Promise<void> {
      if (!listed.value?.payload.some((one) => one.id === id)) return
      const item = await call<Item>(`${accountPath()}/${resource}/${id}`).catch((error) =>
        error.status === 404 ? undefined : null,
      )
      if (item !== null) take(id, item)
    },
  }
}
