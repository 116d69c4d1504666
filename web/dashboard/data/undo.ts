import { signal } from '@preact/signals'

/** Something that was just done, and can be undone for a moment. */
export interface Undoable {
  /** Says what was done. */
  text: string
  undo(): unknown
  /** The key of the message that was sent: the offer is in the message, and not in a line over the page. */
  messageKey?: string | undefined
  /** Called if it is not undone in time. */
  settle?(): unknown
}

/** Milliseconds in which it can be undone. */
export const undoTime = 5000

/** What can be undone now: the last thing that was done. */
export const undoable = signal<Undoable | undefined>(undefined)

let timer: ReturnType<typeof setTimeout> | undefined

/** Offers to undo something. What was offered before stays done. */
export function offerUndo(next: Undoable): void {
  settleNow()
  undoable.value = next
  start()
}

/** Undoes the last thing, if it still can be. */
export function undoLast(): void {
  const last = undoable.peek()
  forget()
  void last?.undo()
}

/** Undoes the last thing if a key in an empty field is the one that undoes. A letter alone would begin a text. */
export function undoesWithKey(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event
  if (!undoable.peek() || key.toLowerCase() !== 'z' || shiftKey || altKey || !(ctrlKey || metaKey))
    return false
  event.preventDefault()
  undoLast()
  return true
}

/** The last thing stays done: nobody wants to undo it, or the page is about to be left. */
export function settleNow(): void {
  const last = undoable.peek()
  forget()
  void last?.settle?.()
}

/** Stops the clock, while somebody may be about to press the button. */
export function holdUndo(): void {
  clearTimeout(timer)
}

/** Starts the clock again. */
export function releaseUndo(): void {
  if (undoable.peek()) start()
}

function start(): void {
  clearTimeout(timer)
  timer = setTimeout(settleNow, undoTime)
}

function forget(): void {
  clearTimeout(timer)
  undoable.value = undefined
}

addEventListener('pagehide', settleNow)
