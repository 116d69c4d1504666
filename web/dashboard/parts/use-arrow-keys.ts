import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

/** Lets the arrow keys move the focus between the buttons of an element, which is one stop of the Tab key. A hook. */
export function useArrowKeys(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = box.current!
    const buttons = () => [...element.querySelectorAll('button')]
    const focusable = (chosen: number) => {
      for (const [index, button] of buttons().entries()) button.tabIndex = index === chosen ? 0 : -1
    }
    const onKey = (event: KeyboardEvent) => {
      const all = buttons()
      const at = all.indexOf(document.activeElement as HTMLButtonElement)
      const isLeftToRight = getComputedStyle(element).direction === 'ltr'
      const steps = { ArrowRight: isLeftToRight ? 1 : -1, ArrowLeft: isLeftToRight ? -1 : 1 }
      const next = steps[event.key as 'ArrowRight']
      if (at < 0 || !next) return
      event.preventDefault()
      all[(at + next + all.length) % all.length]!.focus()
    }
    const onFocus = () =>
      focusable(Math.max(0, buttons().indexOf(document.activeElement as HTMLButtonElement)))
    focusable(0)
    element.addEventListener('keydown', onKey)
    element.addEventListener('focusin', onFocus)
    return () => {
      element.removeEventListener('keydown', onKey)
      element.removeEventListener('focusin', onFocus)
    }
  }, [])
}
