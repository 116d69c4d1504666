import { computed, effect, signal } from '@preact/signals'
import { watchConversations } from './conversations.ts'
import { filter } from './filter.ts'
import { ids } from './list.ts'

/** The ids of the conversations that are selected in the list. */
export const selected = signal<ReadonlySet<number>>(new Set())
/** Whether everything in the current view is selected, also what is not loaded. */
export const isViewSelected = signal(false)
export const isSelecting = computed(() => isViewSelected.value || selected.value.size > 0)

// Where a range begins.
let last: number | undefined

export function clearSelection(): void {
  selected.value = new Set()
  isViewSelected.value = false
  last = undefined
}

/** Selects a conversation, or no longer. */
export function toggleSelected(id: number): void {
  const next = new Set(selected.peek())
  if (!next.delete(id)) next.add(id)
  selected.value = next
  isViewSelected.value = false
  last = id
}

/** Selects all conversations between the last one that was clicked and this one. */
export function selectTo(id: number): void {
  const all = ids.peek()
  const [from, to] = [all.indexOf(last ?? id), all.indexOf(id)]
  if (from < 0 || to < 0) return toggleSelected(id)
  const range = all.slice(Math.min(from, to), Math.max(from, to) + 1)
  selected.value = new Set([...selected.peek(), ...range])
  isViewSelected.value = false
}

/** Selects the conversations that are loaded. */
export function selectLoaded(): void {
  selected.value = new Set(ids.peek())
}

/** Clears the selection when another list is shown, and forgets conversations that are deleted. */
export function followSelection(): () => void {
  const stops = [
    effect(() => {
      filter.value
      clearSelection()
    }),
    watchConversations({
      changed() {},
      met() {},
      gone(id) {
        if (selected.peek().has(id)) toggleSelected(id)
      },
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
