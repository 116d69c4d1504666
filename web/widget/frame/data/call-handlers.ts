import type { Calls } from '../../protocol.ts'
import { setLocale } from '../strings.ts'
import { isOpen, setOpen } from './page-state.ts'
import { describe, enqueue, identify, leave } from './visitor.ts'
import { tell, tellOf } from './website.ts'

/** Opens or closes the panel, and notifies the website. */
export function showPanel(open: boolean): void {
  if (open === isOpen.value) return
  setOpen(open)
  tellOf(open ? 'open' : 'close', undefined)
}

/** Tells the website that one of its calls has failed. */
export const warn = (error: Error) => tell({ type: 'warning', text: error.message })

/** What the frame does when the website calls the JavaScript API. */
export const callHandlers: { [Name in keyof Calls]: (...args: Calls[Name]) => void } = {
  open: () => showPanel(true),
  close: () => showPanel(false),
  toggle: () => showPanel(!isOpen.value),
  setUser: (identifier, user) => enqueue(() => identify(identifier, user), warn),
  setCustomAttributes: (attributes) => enqueue(() => describe(attributes), warn),
  setLocale: (locale) => void setLocale(String(locale)),
  reset() {
    leave()
    setOpen(false)
    tell({ type: 'wiped' })
  },
}
