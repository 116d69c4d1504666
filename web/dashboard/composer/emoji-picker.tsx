import { useEffect, useRef } from 'preact/hooks'
import { useArrowKeys } from '../parts/use-arrow-keys.ts'
import { formatStrings as t } from './format-strings.ts'

const all = [
  ...'😀😃😄😁😅😂🙂😉😊😇🥰😍😘😋😜🤗🤔🤨😐😏🙄😬😌😴🤒🤕🥳😎🤓😕😟🙁😮😲😳🥺😦😨😰😥😢😭😱😖😞😩😫😤😡🤯🙈',
  ...'👋🤚✋👌🤞🤟🤙👈👉👆👇👍👎👊👏🙌👐🤝🙏💪👀🧠💯❓❗✅❌➕➖⭐🌟✨⚡🔥💥💡🔔🎉🎊🎁🏆🎯',
  ...'💔💙💚💛💜🧡🖤💬💭📦📮🚚🚀✈🏠🏪🛒💳💰🧾📷📱💻🔑🔒🔓🔧🔍📎📌📅⏰⏳📈📉📄📝🌍🌞🌙🌈🍀🌸☕🍕🎂🍎',
]

export interface EmojiPickerProps {
  onChoose(character: string): void
}

/** A few emoji; the keyboard of the system has all of them. */
export function EmojiPicker({ onChoose }: EmojiPickerProps) {
  const choice = useRef<HTMLFieldSetElement>(null)
  useArrowKeys(choice)
  useEffect(() => choice.current!.querySelector('button')!.focus(), [])
  return (
    <fieldset class="emoji-choice" aria-label={t.emoji} ref={choice}>
      {all.map((character) => (
        <button key={character} type="button" onClick={() => onChoose(character)}>
          {character}
        </button>
      ))}
    </fieldset>
  )
}
