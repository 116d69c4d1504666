import { piecesOf } from '../../shared/links.ts'

/** A text that somebody has written, as text: links in it can be followed, and nothing else in it does anything. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {piecesOf(text).map((piece) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          <a href={piece.target} target="_blank" rel="noopener noreferrer nofollow">
            {piece.shown}
          </a>
        ),
      )}
    </>
  )
}
