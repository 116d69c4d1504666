import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { splitAtLinks } from '../../../src/lib/text/links.ts'
import { beginningOf, longestText, withoutExcessMarks } from '../../shared/long-text.ts'
import { Markdown } from '../../shared/markdown.tsx'
import { strings } from '../strings.ts'

/** A text that somebody else has written, as plain text with links; of a long one only the beginning at first. */
export function Text({ text }: { text: string }) {
  const { shown, more } = useBeginning(text)
  const parts = useMemo(() => splitAtLinks(shown), [shown])
  return (
    <>
      {parts.map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a href={part.target} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
      {more && '… '}
      {more}
    </>
  )
}

/** The text of a message, with its Markdown; of a long one only the beginning at first. */
export function MessageText({ text }: { text: string }) {
  const { shown, more } = useBeginning(text)
  return (
    <div class="message-text markdown" dir="auto">
      <Markdown text={more ? `${shown}…` : shown} />
      {more}
    </div>
  )
}

/** The part of a text that is shown, and a button that shows the rest, if there is one. A hook. */
function useBeginning(text: string): { shown: string; more: ComponentChildren } {
  const isExpanded = useSignal(false)
  const isWhole = isExpanded.value || text.length <= longestText
  const shown = useMemo(() => withoutExcessMarks(isWhole ? text : beginningOf(text)), [text, isWhole])
  const more = isWhole ? undefined : (
    <button type="button" class="button-link" onClick={() => (isExpanded.value = true)}>
      {strings.thread.showWhole}
    </button>
  )
  return { shown, more }
}
