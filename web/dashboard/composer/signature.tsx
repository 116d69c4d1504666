import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { conversationSignal } from '../data/conversations.ts'
import { loadSignature, signatureIn } from '../data/signatures.ts'
import { preview } from '../preview.ts'
import { writingStrings as t } from './writing-strings.ts'

/** Whether the user's signature follows the next reply, if they have one in the inbox of the conversation. A hook. */
export function useSignature(conversation: number) {
  const inbox = conversationSignal(conversation)?.value.inbox_id
  const choice = useSignal<boolean | undefined>(undefined)
  useEffect(() => {
    if (inbox !== undefined) void loadSignature(inbox).catch(() => {})
  }, [inbox])
  const signature = inbox === undefined ? undefined : signatureIn(inbox)
  const content = signature?.content ?? ''
  return { content, choice, isChosen: content !== '' && (choice.value ?? signature!.append_by_default) }
}

interface Props {
  signature: { content: string; choice: Signal<boolean | undefined>; isChosen: boolean }
}

/** Says whether the signature follows, and lets the user change that for the next reply. */
export function SignatureChoice({ signature: { content, choice, isChosen } }: Props) {
  if (content === '') return null
  return (
    <p class="reply-effect">
      <label class="check" title={preview(content, 300)}>
        <input
          type="checkbox"
          checked={isChosen}
          onChange={({ currentTarget }) => {
            choice.value = currentTarget.checked
          }}
        />
        {t.sign}
      </label>
    </p>
  )
}
