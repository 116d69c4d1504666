import { useSignal } from '@preact/signals'
import { conversationSignal } from '../data/conversations.ts'
import { takesOnReply } from '../data/preferences.ts'
import { effectOf, type ReplyEffect } from '../data/reply-effect.ts'
import { strings } from '../strings.ts'

const t = strings.composer

/** What the next reply does to its conversation, and the person's choice. A hook. */
export function useReplyEffect(conversation: number) {
  // For the next reply only: whoever leaves one conversation closed may want to open the next.
  const opens = useSignal(true)
  const current = conversationSignal(conversation)?.value
  const possible = current && effectOf(current)
  const isChosen = possible?.opens ? opens.value : takesOnReply.value
  return {
    status: current?.status ?? 'open',
    possible,
    isChosen,
    chosen: isChosen ? possible : undefined,
    choose(is: boolean) {
      if (possible?.opens) opens.value = is
      else takesOnReply.value = is
    },
    reset() {
      opens.value = true
    },
  }
}

/** Says what a reply does to a closed or unassigned conversation, and lets the person decline. */
export function ReplyEffectChoice({ effect }: { effect: ReturnType<typeof useReplyEffect> }) {
  const { status, possible, isChosen, choose } = effect
  if (!possible) return null
  return (
    <p class="reply-effect">
      {possible.opens && (
        <span>
          {isChosen ? t.statusIs(strings.list.statuses[status]) : t.staysIn(strings.list.statuses[status])}
        </span>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={({ currentTarget }) => choose(currentTarget.checked)}
        />
        {t.effects[nameOf(possible)]}
      </label>
    </p>
  )
}

function nameOf({ opens, takes }: ReplyEffect) {
  return opens && takes ? 'both' : opens ? 'opens' : 'takes'
}
