import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { splitAtLinks } from '../../shared/links.ts'
import { beginningOf, longestText, withoutExcessMarks } from '../../shared/long-text.ts'
import { strings } from '../strings.ts'

/** A text that somebody else has written, as plain text with links; of a long one only the beginning at first. */
export function Text({ text }: { text: string }) {
  const isExpanded = useSignal(false)
  const isWhole = isExpanded.value || text.length <= longestText
  const parts = useMemo(
    () => splitAtLinks(withoutExcessMarks(isWhole ? text : beginningOf(text))),
    [text, isWhole],
  )
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
      {!isWhole && (
        <>
          {'… '}
          <button type="button" class="button-link" onClick={() => (isExpanded.value = true)}>
            {strings.thread.showWhole}
          </button>
        </>
      )}
    </>
  )
}
