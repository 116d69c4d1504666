import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { words } from './strings.ts'

/** A text with a button that copies it. `label` says what it is. */
export function CopyField({ label, text, isLong }: { label: string; text: string; isLong?: boolean }) {
  const shown = useRef<HTMLElement>(null)
  const outcome = useSignal<'copied' | 'select' | undefined>(undefined)
  useEffect(() => {
    outcome.value = undefined
  }, [text])
  const copy = async () => {
    const isCopied = await copyText(text, shown.current!)
    if (!isCopied) getSelection()!.selectAllChildren(shown.current!)
    outcome.value = isCopied ? 'copied' : 'select'
  }
  return (
    <div class="copy-field">
      <code ref={shown} class={isLong ? 'copy-field-long' : undefined} dir="ltr">
        {text}
      </code>
      <button
        type="button"
        class="button-quiet button-small"
        aria-label={words.copyWhat(outcome.value === 'copied' ? words.copied : words.copy, label)}
        onClick={() => void copy()}
      >
        {outcome.value === 'copied' ? words.copied : words.copy}
      </button>
      <span class="unseen" role="status">
        {outcome.value === 'copied' && words.copied}
      </span>
      {outcome.value === 'select' && <small class="quiet">{words.copyByHand}</small>}
    </div>
  )
}

/** Copies a text and returns whether that worked. A temporary field is added after the element `element`. */
async function copyText(text: string, element: HTMLElement): Promise<boolean> {
  // Missing over HTTP (except on localhost), and the person can refuse it.
  const isWritten = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  )
  return isWritten || copyOldWay(text, element)
}

function copyOldWay(text: string, element: HTMLElement): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  // Inside a dialog, if there is one: outside it nothing can get the focus.
  element.after(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}
