import type { Calls } from '../../protocol.ts'
import { locale } from '../strings.ts'
import { describe, identify, inTurn, leave } from './visitor.ts'
import { tell, tellOf } from './website.ts'
import { isOpen, setOpen } from './window.ts'

/** Opens the panel or closes it, and tells the website. */
export function show(open: boolean): void {
  if (open === isOpen.value) return
  setOpen(open)
  tellOf(open ? 'open' : 'close', undefined)
}

const warn = (error: Error) => tell({ type: 'warning', text: error.message })

/** What the frame does when the website calls the JavaScript API. */
export const answers: { [Name in keyof Calls]: (...args: Calls[Name]) => void } = {
  open: () => show(true),
  close: () => show(false),
  toggle: () => show(!isOpen.value),
  setUser: (identifier, user) => inTurn(() => identify(identifier, user), warn),
  setCustomAttributes: (attributes) => inTurn(() => describe(attributes), warn),
  setLocale(wanted) {
    locale.value = String(wanted)
  },
  reset() {
    leave()
    setOpen(false)
    tell({ type: 'wiped' })
  },
}
