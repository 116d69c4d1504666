import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { composerStrings } from '../canned/composer-strings.ts'
import { useSlash } from '../canned/use-slash.ts'
import { takeBack } from '../data/changes.ts'
import type { CannedFiles } from '../data/drafts.ts'
import { firstWrong, mailAttributes } from '../data/mail-draft.ts'
import { post } from '../data/outbox.ts'
import { attach, mostFiles, pendingFilesOf } from '../data/pending-files.ts'
import { enterSends } from '../data/preferences.ts'
import { quotableIn, quoteNothing } from '../data/quoting.ts'
import { schedule } from '../data/scheduling.ts'
import { account } from '../data/session.ts'
import { tellPause, tellTyping } from '../data/typing.ts'
import { offerUndo, undoesWithKey, undoTime } from '../data/undo.ts'
import { Icon } from '../icons.tsx'
import { openMacro } from '../macros/chosen-macro.ts'
import type { FieldsProps } from '../mail/fields.tsx'
import { useAt } from '../mentions/use-at.ts'
import { AttachButton } from '../parts/attach-button.tsx'
import { FileChips } from '../parts/file-chips.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { late } from '../parts/late.tsx'
import { openOverlay, overlay } from '../parts/overlay.tsx'
import { ReplyEffectChoice, useReplyEffect } from '../parts/reply-effect.tsx'
import { strings } from '../strings.ts'
import { DraftConflict } from './draft-conflict.tsx'
import { EnterSends } from './enter-sends.tsx'
import { handlesFormatKey } from './format-bar.tsx'
import { Kinds } from './kinds.tsx'
import { Quoted } from './quoted.tsx'
import { Refusals } from './refusals.tsx'
import { RepliedMeanwhile, useMeanwhile } from './replied-meanwhile.tsx'
import type { SendLaterProps } from './send-later.tsx'
import { SignatureChoice, useSignature } from './signature.tsx'
import { useDraft } from './use-draft.ts'
import { useGrowingField } from './use-growing-field.ts'
import { writingStrings } from './writing-strings.ts'

const t = strings.composer
const longest = 150_000

const MailFields = late(
  () => import('../mail/fields.tsx').then((part) => part.MailFields),
  (_props: FieldsProps) => null,
)
const SendLater = late(
  () => import('./send-later.tsx').then((part) => part.SendLater),
  (_props: SendLaterProps) => null,
)

interface Props {
  conversation: number
  /** The name of the contact. */
  name: string
  /** To whom replies go and what they are about, if they are mails. */
  mail: Pick<FieldsProps, 'to' | 'subject'> | undefined
}

/** The form for a reply or a private note. Its text is stored as a draft. */
export function Composer({ conversation, name, mail }: Props) {
  const { draft, write, serverDraft } = useDraft(conversation)
  const field = useRef<HTMLTextAreaElement>(null)
  const { files, refusals } = pendingFilesOf(conversation)
  const { text, isPrivate } = draft.value
  const wrong = useSignal<FieldsProps['wrong']>(undefined)
  const effect = useReplyEffect(conversation)
  const signature = useSignature(conversation)
  const canned = draft.value.canned ?? []
  const slash = useSlash(field)
  const at = useAt(field, isPrivate)
  const follow = () => {
    slash.follow()
    at.follow()
  }
  const allFiles = [...files.value, ...canned.flatMap((one) => one.files)]
  const isEmpty = text.trim() === '' && allFiles.length === 0
  const meanwhile = useMeanwhile(conversation, isEmpty)
  useEffect(() => tellPause, [])
  const names = files.value.map((file) => file.name)
  // Not on the first render: the stored names tell which files a reload has lost.
  const isLost = names.length === 0 && (draft.value.files ?? []).length > 0
  useEffect(() => {
    if (names.length > 0) write({ files: names })
  }, [files.value])
  useGrowingField(field, text)
  const head = mail && !isPrivate ? draft.value.mail : undefined
  const send = () => {
    if (isEmpty) return
    wrong.value = head && firstWrong(head)
    if (wrong.value) return
    if (allFiles.length > mostFiles) {
      refusals.value = [composerStrings.tooManyFiles(mostFiles, allFiles.length - mostFiles)]
      return
    }
    if (!isPrivate && !meanwhile.maySend()) return
    const first = isPrivate ? undefined : effect.chosen
    const attributes = attributesNow()
    const to = { account: account.value!.id, conversation }
    const isSigned = !isPrivate && signature.isChosen
    const message = { content: text, isPrivate, first, attributes, isSigned }
    const version = draft.value.synced?.version
    const key = post(
      {
        ...to,
        ...message,
        canned: canned.map(({ id }) => id),
        draftVersion: version,
        lastSeen: isPrivate ? undefined : meanwhile.newest(),
        // A mail cannot be taken back once it has left.
        heldUntil: mail && !isPrivate ? Date.now() + undoTime : undefined,
      },
      files.value,
    )
    offerUndoOfSending(key, files.value)
    meanwhile.sent()
    // The server forgets the draft with the message.
    clear({ synced: version ? { version, text: '', isPrivate } : undefined })
    tellPause()
    field.current!.focus()
  }
  /** Lets the user take a message back: its text and files are in the composer again, unless there are others. */
  const offerUndoOfSending = (key: string, sentFiles: readonly File[]) => {
    const { mail: sentHead, canned: sentCanned } = draft.value
    const restore = () => {
      if (draft.peek().text !== '' || files.peek().length > 0) return
      files.value = sentFiles
      write({ text, isPrivate, canned: sentCanned ?? [], mail: sentHead })
    }
    const undo = () => void takeBack(key, conversation).then((isBack) => isBack && restore())
    // A mail cannot be taken back later, so its offer is easier to see.
    if (mail && !isPrivate) offerUndo({ text: strings.undo.mailSent, undo })
    else offerUndo({ text: strings.undo.sent, undo, messageKey: key })
  }
  const sendLater = async (sendAt: number, isCancelledByReply: boolean) => {
    wrong.value = head && firstWrong(head)
    if (wrong.value) return
    const later = {
      ...{ content: text, isPrivate, sendAt, isCancelledByReply },
      attributes: attributesNow(),
      canned: canned.map(({ id }) => id),
      isSigned: !isPrivate && signature.isChosen,
    }
    if (!(await schedule(conversation, later, files.value))) return
    clear()
    field.current?.focus()
  }
  /** The fields of `content_attributes` for what is being written. */
  const attributesNow = () => {
    const answered = quotableIn(conversation, isPrivate)
    return { ...(head && mailAttributes(head)), ...(answered && { in_reply_to: answered.id }) }
  }
  /** Forgets what belongs to the text that has left. */
  const clear = (more: object = {}) => {
    effect.reset()
    quoteNothing(conversation)
    signature.choice.value = undefined
    files.value = []
    refusals.value = []
    write({ text: '', files: [], canned: [], ...(isPrivate ? {} : { mail: undefined }), ...more })
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
      {mail && !isPrivate && (
        <MailFields
          {...mail}
          conversation={conversation}
          draft={draft.value.mail}
          wrong={wrong.value}
          onChange={(changed) => {
            wrong.value = undefined
            write({ mail: changed })
            if (!changed) field.current!.focus()
          }}
        />
      )}
      <Quoted conversation={conversation} isPrivate={isPrivate} />
      {slash.Popover && (
        <slash.Popover
          conversation={conversation}
          field={field}
          state={slash.state}
          onClose={slash.close}
          onInsert={(id, added) => {
            slash.close()
            const { canned: before = [] } = draft.value
            if (added.length === 0 || before.some((one) => one.id === id)) return
            const named = added.map(({ file_name, file_size }) => ({ name: file_name, size: file_size }))
            write({ canned: [...before, { id, files: named }] })
          }}
        />
      )}
      {at.Popover && <at.Popover {...{ conversation, field }} state={at.state} onClose={at.close} />}
      <textarea
        ref={field}
        id="composer"
        dir="auto"
        rows={2}
        maxLength={longest}
        aria-label={isPrivate ? t.note : t.reply}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={slash.Popover ? 'canned-list' : at.Popover ? 'mention-list' : undefined}
        aria-activedescendant={(slash.Popover ? slash : at.Popover ? at : undefined)?.state.active.value}
        placeholder={isPrivate ? t.notePlaceholder : t.replyPlaceholder(name)}
        value={text}
        onInput={({ currentTarget }) => {
          write({ text: currentTarget.value })
          if (currentTarget.value.trim() === '') tellPause()
          else tellTyping(conversation, isPrivate)
          follow()
        }}
        onKeyUp={follow}
        onClick={follow}
        onBlur={() => {
          tellPause()
          slash.leave()
          at.leave()
        }}
        onPaste={(event) => {
          const { files: pasted, types } = event.clipboardData!
          // Office programs add a picture of the copied text.
          if (pasted.length === 0 || types.includes('text/plain')) return
          event.preventDefault()
          void attach(conversation, pasted)
        }}
        onKeyDown={(event) => {
          if (slash.handles(event) || at.handles(event) || handlesFormatKey(event)) return
          if (text === '' && undoesWithKey(event)) return
          if (event.key !== 'Enter' || event.isComposing || event.shiftKey || event.altKey) return
          if (!enterSends.value && !event.ctrlKey && !event.metaKey) return
          event.preventDefault()
          send()
        }}
      />
      <DraftConflict draft={serverDraft} />
      {!isPrivate && <RepliedMeanwhile meanwhile={meanwhile} />}
      <Refusals refusals={refusals} />
      {isLost && (
        <p class="composer-trouble" role="status">
          {t.again(draft.value.files!.join(', '))}
          <IconButton icon="close" name={strings.close} onClick={() => write({ files: [] })} />
        </p>
      )}
      {allFiles.length > 0 && (
        <FileChips
          files={[...files.value, ...canned.map(asOneFile)]}
          onRemove={(index) => {
            if (index < names.length) files.value = files.value.toSpliced(index, 1)
            write({
              files: names.toSpliced(index, 1),
              canned: canned.filter((_one, place) => names.length + place !== index),
            })
            field.current!.focus()
          }}
        />
      )}
      {!isPrivate && <ReplyEffectChoice effect={effect} />}
      {!isPrivate && <SignatureChoice signature={signature} />}
      {overlay.value?.name === 'send-later' && (
        <SendLater key={overlay.value.opening} isPrivate={isPrivate} onChoose={sendLater} />
      )}
      <div class="composer-foot">
        <AttachButton conversation={conversation} field={field} />
        <IconButton icon="bolt" name={composerStrings.button} onClick={slash.open} />
        <IconButton icon="play" name={strings.keys.macro} onClick={() => openMacro(undefined)} />
        <EnterSends enterSends={enterSends} />
        <span class="composer-hint">{enterSends.value ? t.hint.enter : t.hint.modifier}</span>
        <div class="composer-sending">
          <IconButton
            icon="clock"
            name={writingStrings.later}
            onClick={() => {
              if (!isEmpty) openOverlay('send-later')
            }}
          />
          <button type="submit" class="button composer-send" aria-disabled={isEmpty}>
            <Icon name={isPrivate ? 'lock' : 'send'} /> {isPrivate ? t.addNote : t.send}
          </button>
        </div>
      </div>
    </form>
  )
}

/** The files of a canned response, which can only be removed together. */
function asOneFile({ files }: CannedFiles) {
  const names = files.map(({ name }) => name)
  return { name: names.join(', '), size: files.reduce((sum, { size }) => sum + size, 0) }
}
