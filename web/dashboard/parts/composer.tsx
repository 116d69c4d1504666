import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { keepDraft, readDraft } from '../data/drafts.ts'
import { post } from '../data/outbox.ts'
import { enterSends } from '../data/preferences.ts'
import { account } from '../data/session.ts'
import { tellPause, tellTyping } from '../data/typing.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { useKeys } from './keys.ts'

const t = strings.composer
const longest = 150_000

/** Where a reply or a private note is written; what is begun is kept. */
export function Composer({ conversation, name }: { conversation: number; name: string }) {
  const draft = useSignal(readDraft(conversation))
  const field = useRef<HTMLTextAreaElement>(null)
  const { text, isPrivate } = draft.value
  const write = (changes: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...changes }
    keepDraft(conversation, draft.value)
  }
  useEffect(() => tellPause, [])
  useLayoutEffect(() => {
    // As high as its text, as far as the style sheet lets it.
    const element = field.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [text])
  const send = () => {
    if (text.trim() === '') return
    post(account.value!.id, conversation, text, isPrivate)
    write({ text: '' })
    tellPause()
    field.current!.focus()
  }
  return (
    <form
      class="composer"
      data-kind={isPrivate ? 'note' : 'reply'}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Kinds isPrivate={isPrivate} onChoose={(chosen) => write({ isPrivate: chosen })} field={field} />
      <textarea
        ref={field}
        id="composer"
        dir="auto"
        rows={2}
        maxLength={longest}
        aria-label={isPrivate ? t.note : t.reply}
        placeholder={isPrivate ? t.notePlaceholder : t.replyPlaceholder(name)}
        value={text}
        onInput={({ currentTarget }) => {
          write({ text: currentTarget.value })
          if (currentTarget.value.trim() === '') tellPause()
          else tellTyping(conversation, isPrivate)
        }}
        onBlur={tellPause}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing || event.shiftKey || event.altKey) return
          if (!enterSends.value && !event.ctrlKey && !event.metaKey) return
          event.preventDefault()
          send()
        }}
      />
      <div class="composer-foot">
        <EnterSends enterSends={enterSends} />
        <span class="composer-hint">{enterSends.value ? t.hint.enter : t.hint.modifier}</span>
        <button type="submit" class="button composer-send" aria-disabled={text.trim() === ''}>
          <Icon name={isPrivate ? 'lock' : 'send'} /> {isPrivate ? t.addNote : t.send}
        </button>
      </div>
    </form>
  )
}

interface KindsProps {
  isPrivate: boolean
  onChoose(isPrivate: boolean): void
  field: { current: HTMLTextAreaElement | null }
}

function Kinds({ isPrivate, onChoose, field }: KindsProps) {
  const choose = (chosen: boolean) => {
    onChoose(chosen)
    field.current?.focus()
  }
  useKeys({ r: () => choose(false), n: () => choose(true) })
  return (
    <fieldset class="kinds" aria-label={t.label}>
      <button type="button" aria-pressed={!isPrivate} data-kind="reply" onClick={() => choose(false)}>
        <Icon name="reply" /> {t.reply} <kbd>R</kbd>
      </button>
      <button type="button" aria-pressed={isPrivate} data-kind="note" onClick={() => choose(true)}>
        <Icon name="lock" /> {t.note} <kbd>N</kbd>
      </button>
      {isPrivate && <span class="kinds-hint">{strings.thread.noteHint}</span>}
    </fieldset>
  )
}

function EnterSends({ enterSends }: { enterSends: Signal<boolean> }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={enterSends}
        onChange={({ currentTarget }) => {
          enterSends.value = currentTarget.checked
        }}
      />
      {t.enterSends}
    </label>
  )
}
