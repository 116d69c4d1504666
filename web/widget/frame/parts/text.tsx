import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { splitAtLinks } from '../../../../src/lib/text/links.ts'
import { beginningOf, longestText, withoutExcessMarks } from '../../../shared/long-text.ts'
import { strings } from '../strings.ts'
import { Lazy } from './lazy.tsx'

const loadMarkdown = () => import('../on-demand/formatted.ts').then(({ Markdown }) => Markdown)
// Whether a text may have signs of Markdown: only then the program for it is loaded.
const mayBeMarkdown = /[*_~`[\\]|^ *(?:[#>-]|\d+[.)]) /m

/** A text that somebody else has written, with links and Markdown; of a long one only the beginning at first. */
export function Text({ text }: { text: string }) {
  const isExpanded = useSignal(false)
  const isWhole = isExpanded.value || text.length <= longestText
  const shown = useMemo(() => withoutExcessMarks(isWhole ? text : beginningOf(text)), [text, isWhole])
  return (
    <div class="text" dir="auto">
      {mayBeMarkdown.test(shown) ? (
        <Lazy load={loadMarkdown} props={{ text: shown }} meanwhile={<Linked text={shown} />} />
      ) : (
        <Linked text={shown} />
      )}
      {!isWhole && (
        <>
          {'… '}
          <button type="button" class="plain" onClick={() => (isExpanded.value = true)}>
            {strings.value.showMore}
          </button>
        </>
      )}
    </div>
  )
}

function Linked({ text }: { text: string }) {
  const parts = useMemo(() => splitAtLinks(text), [text])
  return (
    <>{parts.map((part) => (typeof part === 'string' ? part : <Link to={part.target} text={part.text} />))}</>
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
