import { piecesOf } from '../../../shared/links.ts'

/** What somebody has written, as text: links in it can be followed, and nothing else in it does anything. */
export function Text({ text }: { text: string }) {
  return (
    <p class="text" dir="auto">
      {piecesOf(text).map((piece) =>
        typeof piece === 'string' ? piece : <Link to={piece.target} text={piece.shown} />,
      )}
    </p>
  )
}

/** A link out of the frame, into a tab of its own that knows nothing of this one. */
export function Link({ to, text, kind }: { to: string; text: string; kind?: string }) {
  return (
    <a class={kind} href={to} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  )
}
