import { effect, type Signal, signal } from '@preact/signals'
import { readStored, store, whenStoredElsewhere } from './local-storage.ts'

/** A value that is stored in this browser, and follows changes in its other windows. */
export function preference<T>(name: string, fallback: T): Signal<T> {
  const value = signal(readStored<T>(name) ?? fallback)
  effect(() => {
    store(name, value.value === fallback ? undefined : value.value)
  })
  whenStoredElsewhere(name, () => {
    value.value = readStored<T>(name) ?? fallback
  })
  return value
}

/* The preferences of the person, stored in this browser. */
export const enterSends = preference('enter-sends', true)
/** Whether a reply to an unassigned conversation assigns it to its author. */
export const takesOnReply = preference('takes-on-reply', true)
export const themes = ['system', 'light', 'dark'] as const
export const theme = preference<(typeof themes)[number]>('theme', 'system')

// In a narrower window the details cover the messages.
const hasRoom = matchMedia('(min-width: 75rem)')
const areDetailsWanted = preference('details', true)

/** Whether the details are shown. In a narrow window that is not stored. */
export const areDetailsShown = signal(hasRoom.matches && areDetailsWanted.peek())

export function showDetails(shown: boolean): void {
  areDetailsShown.value = shown
  if (hasRoom.matches) areDetailsWanted.value = shown
}

hasRoom.addEventListener('change', () => {
  areDetailsShown.value = hasRoom.matches && areDetailsWanted.value
})

/** Applies the theme to the page. */
export function followTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement
    if (theme.value === 'system') delete dataset.theme
    else dataset.theme = theme.value
  })
}
