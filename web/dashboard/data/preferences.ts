import { effect, type Signal, signal } from '@preact/signals'
import { keep, readKept } from './kept.ts'

function preference<T>(name: string, fallback: T): Signal<T> {
  const value = signal(readKept<T>(name) ?? fallback)
  effect(() => {
    keep(name, value.value === fallback ? undefined : value.value)
  })
  return value
}

/* What a person likes, kept in this browser. */
export const enterSends = preference('enter-sends', true)
export const themes = ['system', 'light', 'dark'] as const
export const theme = preference<(typeof themes)[number]>('theme', 'system')

// In a narrower window the details lie over the messages.
const hasRoom = matchMedia('(min-width: 75rem)')
const areDetailsWanted = preference('details', true)

/** Whether the details are shown; where there is no room beside the messages, only while asked for. */
export const areDetailsShown = signal(hasRoom.matches && areDetailsWanted.peek())

export function showDetails(shown: boolean): void {
  areDetailsShown.value = shown
  if (hasRoom.matches) areDetailsWanted.value = shown
}

hasRoom.addEventListener('change', () => {
  areDetailsShown.value = hasRoom.matches && areDetailsWanted.value
})

/** Makes the page look as the person likes it. */
export function followTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement
    if (theme.value === 'system') delete dataset.theme
    else dataset.theme = theme.value
  })
}
