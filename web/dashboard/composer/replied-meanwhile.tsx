import { effect, type Signal, untracked, useSignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { Message } from '../data/api-types.ts'
import { profile } from '../data/session.ts'
import { cachedThread, isDeleted } from '../data/thread.ts'
import { writingStrings as t } from './writing-strings.ts'

/** What a reply has to know of the messages that came while it was written. */
export interface Meanwhile {
  /** A reply of somebody else, about which the user is asked before they send theirs. */
  reply: Signal<Message | undefined>
  /** Whether a reply may be sent: nobody else has replied since the user began to write, or they have been asked. */
  maySend(): boolean
  /** The newest message that the user can have seen. */
  newest(): number | undefined
  /** Call it when the reply was sent. */
  sent(): void
}

/** Watches for replies of others while a text is written. A hook. */
export function useMeanwhile(conversation: number, isEmpty: boolean): Meanwhile {
  /** The newest message when the user began to write. */
  const seen = useSignal<number | undefined>(undefined)
  const reply = useSignal<Message | undefined>(undefined)
  const newest = () => {
    const thread = cachedThread(conversation)
    return thread?.isAtEnd.value ? thread.messages.value.at(-1)?.id : undefined
  }
  // Not after the next frame: a reply that comes before it would count as seen. A text that is begun before the thread
  // is there counts from the first messages that are shown.
  useLayoutEffect(() => {
    seen.value = undefined
    if (isEmpty) {
      reply.value = undefined
      return
    }
    return effect(() => {
      seen.value = seen.peek() ?? newest()
    })
  }, [isEmpty, conversation])
  return {
    reply,
    newest: () => untracked(newest),
    maySend() {
      const since = seen.peek()
      if (since === undefined || reply.peek()) return true
      const messages = cachedThread(conversation)?.messages.peek() ?? []
      reply.value = messages.find((message) => message.id > since && isReplyOfOther(message))
      return reply.peek() === undefined
    },
    sent() {
      seen.value = undefined
      reply.value = undefined
    },
  }
}

function isReplyOfOther(message: Message): boolean {
  const { message_type, sender } = message
  if (message_type !== 'outgoing' || message.private || isDeleted(message) || !sender) return false
  return !(sender.type === 'User' && sender.id === profile.value?.id)
}

/** Says that somebody else has replied meanwhile, and asks whether to send the reply all the same. */
export function RepliedMeanwhile({ meanwhile }: { meanwhile: Meanwhile }) {
  const reply = meanwhile.reply.value
  return (
    <div role="alert">
      {reply && (
        <div class="draft-conflict">
          <p>{t.repliedMeanwhile(reply.sender!.name)}</p>
          <blockquote dir="auto">{reply.content}</blockquote>
          <p class="quiet">{t.sendsAgain}</p>
        </div>
      )}
    </div>
  )
}
