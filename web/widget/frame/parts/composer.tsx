import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { post } from '../data/outbox.ts'
import { isPhone } from '../data/page-state.ts'
import { settings } from '../data/settings.ts'
import { sendTyping } from '../data/typing.ts'
import { keep, read } from '../data/visitor-storage.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { Emoji } from './emoji.tsx'
import { Preview } from './unsent-message.tsx'

const longest = 10_000
/** The server's limit for a message. */
const mostFiles = 15

/** The field in which the visitor writes. Its text is stored as a draft, its files are not. */
export function Composer() {
  const t = strings.value
  const text = useSignal(read<string>('draft') ?? '')
  const files = useSignal<readonly File[]>([])
  const problem = useSignal('')
  const field = useRef<HTMLTextAreaElement>(null)
  const isEmpty = text.value.trim() === '' && files.value.length === 0
  const write = (next: string) => {
    text.value = next
    keep('draft', next || undefined)
    sendTyping(next.trim() !== '')
  }
  const send = () => {
    if (isEmpty) return
    post(text.value.trim(), [...files.value])
    files.value = []
    problem.value = ''
    write('')
    field.current!.focus()
  }
  const attach = (chosen: Iterable<File>) => {
    const all = [...chosen]
    const tooLarge = all.find(({ size }) => size > settings.max_file_size)
    const fitting = [...files.value, ...all.filter(({ size }) => size <= settings.max_file_size)]
    problem.value = tooLarge
      ? t.tooLarge(tooLarge.name, Math.floor(settings.max_file_size / 1024 / 1024))
      : fitting.length > mostFiles
        ? t.tooMany(mostFiles)
        : ''
    files.value = fitting.slice(0, mostFiles)
    field.current!.focus()
  }
  const insert = (character: string) => {
    const { selectionStart: from, selectionEnd: to } = field.current!
    write(text.value.slice(0, from) + character + text.value.slice(to))
    field.current!.value = text.value
    field.current!.focus()
    field.current!.setSelectionRange(from + character.length, from + character.length)
  }
  useLayoutEffect(() => fit(field.current!), [text.value])
  useLayoutEffect(() => {
    // When it opens, the frame is still as small as the button.
    const width = new ResizeObserver(() => fit(field.current!))
    width.observe(field.current!.form!)
    return () => width.disconnect()
  }, [])
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        attach(event.dataTransfer?.files ?? [])
      }}
    >
      {problem.value && (
        <p class="bad problem" role="alert">
          {problem.value}
        </p>
      )}
      <Chosen
        files={files.value}
        onRemove={(file) => (files.value = files.value.filter((one) => one !== file))}
      />
      <div class="writing">
        <textarea
          ref={field}
          rows={1}
          // An empty field has the direction of its placeholder.
          dir={text.value ? 'auto' : undefined}
          maxLength={longest}
          aria-label={t.write}
          placeholder={t.write}
          value={text.value}
          onInput={({ currentTarget }) => write(currentTarget.value)}
          onBlur={() => sendTyping(false)}
          onPaste={(event) => {
            const pasted = event.clipboardData?.files
            if (!pasted?.length) return
            event.preventDefault()
            attach(pasted)
          }}
          onKeyDown={(event) => {
            // On a phone Enter starts a new line: the send button is close.
            if (event.key !== 'Enter' || event.isComposing || event.shiftKey || isPhone.value) return
            event.preventDefault()
            send()
          }}
        />
        <Attach onChoose={attach} />
        <Emoji onChoose={insert} />
        <button type="submit" class="send" aria-label={t.send} title={t.send} aria-disabled={isEmpty}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}

/** Makes the field as high as its text, up to the maximum in the style sheet. */
function fit(field: HTMLTextAreaElement): void {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight + 2}px`
}

function Attach({ onChoose }: { onChoose(files: Iterable<File>): void }) {
  const t = strings.value
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onChoose([...(currentTarget.files ?? [])])
          // So that the same file can be chosen again.
          currentTarget.value = ''
        }}
      />
      <button
        type="button"
        class="tool"
        aria-label={t.attach}
        title={t.attach}
        onClick={() => input.current!.click()}
      >
        <Icon name="clip" />
      </button>
    </>
  )
}

function Chosen({ files, onRemove }: { files: readonly File[]; onRemove(file: File): void }) {
  if (files.length === 0) return null
  return (
    <ul class="chosen">
      {files.map((file) => (
        <li key={file}>
          <Preview file={file} />
          <button
            type="button"
            class="remove"
            aria-label={strings.value.remove(file.name)}
            onClick={() => onRemove(file)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
