import type { Signal } from '@preact/signals'
import type { Slash } from './slash.ts'

/** What the composer and the popover, which is loaded later, know of each other. */
export interface SlashState {
  slash: Signal<Slash | undefined>
  /** The id of the chosen option. */
  active: Signal<string | undefined>
  /** Whether Enter was pressed before there was something to choose. */
  isEnterEarly: Signal<boolean>
  /** Handles a key. Returns whether the composer should do nothing with it. */
  onKey?: ((event: KeyboardEvent) => boolean) | undefined
}

/** Writes a text over the selection of a field so that the browser can undo it, with the event of an input. */
export function writeInto(field: HTMLTextAreaElement, text: string): void {
  if (document.execCommand('insertText', false, text)) return
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
