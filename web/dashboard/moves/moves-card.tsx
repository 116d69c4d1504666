import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import './moves.css'
import type { ConversationMove } from '../data/api-types.ts'
import { addressOf } from '../data/filter.ts'
import { hear } from '../data/live.ts'
import { fetchMoves, undoMerge, undoSplit } from '../data/moves.ts'
import { wholeTime } from '../times.ts'
import { movesStrings as t } from './strings.ts'

/** The merges and splits of a conversation, with buttons that undo them. Nothing if there are none. */
export function MovesCard({ id }: { id: number }) {
  const moves = useSignal<readonly ConversationMove[]>([])
  useEffect(() => {
    const load = () =>
      fetchMoves(id).then(
        (found) => {
          moves.value = found
        },
        () => {},
      )
    void load()
    return hear({
      moved(changed) {
        if (changed === id) void load()
      },
    })
  }, [id])
  if (moves.value.length === 0) return null
  return (
    <section class="card" aria-labelledby="moves">
      <h3 id="moves">{t.moves}</h3>
      <ul class="moves">
        {moves.value.map((move) => (
          <li key={move.id}>
            <Move move={move} id={id} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Move({ move, id }: { move: ConversationMove; id: number }) {
  const { kind, from_conversation_id, to_conversation_id, undoable_until } = move
  const name = move.moved_by?.name ?? t.server
  const other = from_conversation_id === id ? to_conversation_id : from_conversation_id
  const isMerge = kind === 'merge'
  const text = isMerge
    ? t.mergedHere(other, name)
    : from_conversation_id === id
      ? t.splitTo(other, name)
      : t.splitFrom(other, name)
  return (
    <>
      <p>{isMerge ? text : <a href={addressOf(other)}>{text}</a>}</p>
      <p class="quiet">
        {t.count(move.message_count)} · <time>{wholeTime(move.created_at)}</time>
      </p>
      {undoable_until !== null && (
        <p>
          <button
            type="button"
            class="button-quiet button-small"
            title={t.undoneUntil(wholeTime(undoable_until))}
            onClick={() => void (isMerge ? undoMerge(from_conversation_id) : undoSplit(to_conversation_id))}
          >
            {isMerge ? t.undo : t.undoSplit}
          </button>
        </p>
      )}
    </>
  )
}
