import { useRef } from 'preact/hooks'
import { writeInto } from '../canned/slash-state.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { isMac } from '../parts/keys.ts'
import { useArrowKeys } from '../parts/use-arrow-keys.ts'
import { EmojiButton } from './emoji-button.tsx'
import { formatStrings as t } from './format-strings.ts'
import { applyFormat, type Format } from './formatting.ts'

interface Shortcut {
  /** A letter, or a digit with Shift. */
  key: string
  hasShift?: true
}

/** The formats, each with the key that does the same together with Ctrl, on a Mac with Cmd. */
const shortcuts: Record<Format, Shortcut> = {
  bold: { key: 'b' },
  italic: { key: 'i' },
  link: { key: 'k', hasShift: true },
  code: { key: 'e' },
  numbers: { key: '7', hasShift: true },
  list: { key: '8', hasShift: true },
  quote: { key: '9', hasShift: true },
}
const formats = Object.keys(shortcuts) as Format[]

interface Props {
  field: { current: HTMLTextAreaElement | null }
}

/** The buttons that write Markdown into a field. */
export function FormatBar({ field }: Props) {
  const bar = useRef<HTMLDivElement>(null)
  useArrowKeys(bar)
  return (
    <div class="format-bar">
      <div role="toolbar" aria-label={t.label} ref={bar}>
        {formats.map((format) => (
          <IconButton
            key={format}
            icon={format}
            name={`${t.names[format]} (${textOf(shortcuts[format])})`}
            onClick={() => formatSelection(field.current!, format)}
          />
        ))}
      </div>
      <EmojiButton
        onChoose={(character) => {
          field.current!.focus()
          writeInto(field.current!, character)
        }}
      />
    </div>
  )
}

/** Formats the selection if a key is the shortcut of a format. Returns whether it is. */
export function handlesFormatKey(event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): boolean {
  const { key, code, shiftKey, altKey, ctrlKey, metaKey, currentTarget } = event
  if (altKey || !(ctrlKey || metaKey)) return false
  const format = formats.find((name) => {
    const shortcut = shortcuts[name]
    // With Shift, a digit is another character on each keyboard.
    const isKey = key.toLowerCase() === shortcut.key || code === `Digit${shortcut.key}`
    return isKey && shiftKey === Boolean(shortcut.hasShift)
  })
  if (!format) return false
  event.preventDefault()
  formatSelection(currentTarget, format)
  return true
}

/** Formats what is selected in a field, so that the browser can undo it. */
function formatSelection(field: HTMLTextAreaElement, format: Format): void {
  const { value, selectionStart, selectionEnd } = field
  const { from, to, text, select } = applyFormat(format, {
    text: value,
    from: selectionStart,
    to: selectionEnd,
  })
  field.focus()
  field.setSelectionRange(from, to)
  writeInto(field, text)
  field.setSelectionRange(...(select as [number, number]))
}

function textOf({ key, hasShift }: Shortcut): string {
  return `${isMac ? '⌘' : 'Ctrl+'}${hasShift ? (isMac ? '⇧' : 'Shift+') : ''}${key.toUpperCase()}`
}
