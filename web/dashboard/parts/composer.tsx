import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { readDraft, storeDraft } from '../data/drafts.ts'
import { post } from '../data/outbox.ts'
import { attach, pendingFilesOf } from '../data/pending-files.ts'
import { enterSends } from '../data/preferences.ts'
import { account } from '../data/session.ts'
import { tellPause, tellTyping } from '../data/typing.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { FileChips } from './file-chips.tsx'
import { IconButton } from './icon-button.tsx'
import { keyText, useKeys } from './keys.ts'
import { ReplyEffectChoice, useReplyEffect } from './reply-effect.tsx'

const t = strings.composer
const longest = 150_000
const growsByItself = CSS.supports('field-sizing', 'content')

/** The form for a reply or a private note. Its text is stored as a draft. */
export function Composer({ conversation, name }: { conversation: number; name: string }) {
  const draft = useSignal(readDraft(conversation))
  const field = useRef<HTMLTextAreaElement>(null)
  const { files, refusals } = pendingFilesOf(conversation)
  const { text, isPrivate } = draft.value
  const effect = useReplyEffect(conversation)
  const isEmpty = text.trim() === '' && files.value.length === 0
  const write = (changes: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...changes }
    storeDraft(conversation, draft.value)
  }
  useEffect(() => tellPause, [])
  const names = files.value.map((file) => file.name)
  // Not on the first render: the stored names tell which files a reload has lost.
  const isLost = names.length === 0 && (draft.value.files ?? []).length > 0
  useEffect(() => {
    if (names.length > 0) write({ files: names })
  }, [files.value])
  useLayoutEffect(() => {
    // Makes the field as high as its text, up to the maximum in the style sheet. Slow, so only if the browser cannot.
    if (growsByItself) return
    const element = field.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [text])
  const send = () => {
    if (isEmpty) return
    const first = isPrivate ? undefined : effect.chosen
    post({ account: account.value!.id, conversation, content: text, isPrivate, first }, files.value)
    effect.reset()
    files.value = []
    refusals.value = []
    write({ text: '', files: [] })
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
        onPaste={(event) => {
          const { files: pasted, types } = event.clipboardData!
          // Office programs add a picture of the copied text.
          if (pasted.length === 0 || types.includes('text/plain')) return
          event.preventDefault()
          void attach(conversation, pasted)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing || event.shiftKey || event.altKey) return
          if (!enterSends.value && !event.ctrlKey && !event.metaKey) return
          event.preventDefault()
          send()
        }}
      />
      <Refusals refusals={refusals} />
      {isLost && (
        <p class="composer-trouble" role="status">
          {t.again(draft.value.files!.join(', '))}
          <IconButton icon="close" name={strings.close} onClick={() => write({ files: [] })} />
        </p>
      )}
      {names.length > 0 && (
        <FileChips
          files={files.value}
          onRemove={(index) => {
            files.value = files.value.toSpliced(index, 1)
            write({ files: names.toSpliced(index, 1) })
            field.current!.focus()
          }}
        />
      )}
      {!isPrivate && <ReplyEffectChoice effect={effect} />}
      <div class="composer-foot">
        <Attach conversation={conversation} field={field} />
        <EnterSends enterSends={enterSends} />
        <span class="composer-hint">{enterSends.value ? t.hint.enter : t.hint.modifier}</span>
        <button type="submit" class="button composer-send" aria-disabled={isEmpty}>
          <Icon name={isPrivate ? 'lock' : 'send'} /> {isPrivate ? t.addNote : t.send}
        </button>
      </div>
    </form>
  )
}

function Attach({ conversation, field }: { conversation: number; field: KindsProps['field'] }) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void attach(conversation, currentTarget.files!)
          // So that the same file can be chosen again.
          currentTarget.value = ''
          field.current?.focus()
        }}
      />
      <IconButton icon="clip" name={t.attach} onClick={() => chooser.current!.click()} />
    </>
  )
}

function Refusals({ refusals }: { refusals: Signal<readonly string[]> }) {
  return (
    <div role="alert">
      {refusals.value.length > 0 && (
        <div class="composer-trouble">
          <ul>
            {refusals.value.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <IconButton
            icon="close"
            name={strings.close}
            onClick={() => {
              refusals.value = []
            }}
          />
        </div>
      )}
    </div>
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
  useKeys({ reply: () => choose(false), note: () => choose(true) })
  return (
    <fieldset class="kinds" aria-label={t.label}>
      <button type="button" aria-pressed={!isPrivate} data-kind="reply" onClick={() => choose(false)}>
        <Icon name="reply" /> {t.reply} <kbd>{keyText('reply')}</kbd>
      </button>
      <button type="button" aria-pressed={isPrivate} data-kind="note" onClick={() => choose(true)}>
        <Icon name="lock" /> {t.note} <kbd>{keyText('note')}</kbd>
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
