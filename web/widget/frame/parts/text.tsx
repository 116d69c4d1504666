import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { splitAtLinks } from '../../../shared/links.ts'
import { beginningOf, longestText, withoutExcessMarks } from '../../../shared/long-text.ts'
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
    <p class="text" dir="auto">
      {parts.map((part) => (typeof part === 'string' ? part : <Link to={part.target} text={part.text} />))}
      {!isWhole && (
        <>
          {'… '}
          <button type="button" class="plain" onClick={() => (isExpanded.value = true)}>
            {strings.value.showMore}
          </button>
        </>
      )}
    </p>
  )
}

/** A link that opens in a new tab, without access to this one. */
export function Link({ to, text, kind }: { to: string; text: string; kind?: string }) {
  return (
    <a class={kind} href={to} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  )
}
