import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { plainText } from '../../../../src/lib/text/plain-text.ts'
import type { Message, MessagePage } from '../data/api-types.ts'
import { messages } from '../data/thread.ts'
import { callOwn } from '../data/visitor.ts'
import { strings } from '../strings.ts'

/** Answered messages that are not among the loaded ones, by id; null if one was deleted. */
const fetched = new Map<number, Promise<Message | null>>()
const longest = 150

/** How many messages that are not among the loaded ones were deleted. */
const deletions = signal(0)
let before = messages.value
messages.subscribe((now) => {
  // Only such a deletion replaces the loaded ones by the same ones.
  if (now.size === before.size && [...now].every(([id, message]) => before.get(id) === message)) {
    fetched.clear()
    deletions.value += 1
  }
  before = now
})

interface Props {
  conversation: number
  /** The id of the message that is answered. */
  id: number
}

/** The beginning of the message that another one answers. */
export function Quote({ conversation, id }: Props) {
  const t = strings.value
  const loaded = messages.value.get(id)
  const other = useSignal<Message | null | undefined>(undefined)
  useEffect(() => {
    if (loaded) return
    let isCurrent = true
    find(conversation, id).then(
      (message) => {
        if (isCurrent) other.value = message
      },
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [id, loaded, deletions.value])
  const message = loaded ?? other.value
  if (message === undefined) return null
  return (
    <blockquote class="quoted">
      <span class="unseen">{t.answers} </span>
      {message ? (
        <>
          <strong>
            <bdi>{message.message_type === 'incoming' ? t.you : (message.sender?.name ?? t.team)}</bdi>
          </strong>
          <span dir="auto">{previewOf(message)}</span>
        </>
      ) : (
        <em>{t.deleted}</em>
      )}
    </blockquote>
  )
}

/** Finds a message that the visitor may see; null if there is none. Throws CallError. */
function find(conversation: number, id: number): Promise<Message | null> {
  const path = `/conversations/${conversation}/messages?limit=1&before_id=${id + 1}`
  const search = async () => {
    const { payload } = await callOwn<MessagePage>(path)
    return payload[0]?.id === id ? payload[0] : null
  }
  const there = fetched.get(id)
  if (there) return there
  const found = search()
  fetched.set(id, found)
  found.catch(() => fetched.delete(id))
  return found
}

function previewOf({ content, attachments }: Message): string {
  // The signs of Markdown are taken out of a little more.
  const text = plainText((content ?? '').slice(0, 2 * longest)).slice(0, longest)
  return text || attachments[0]?.file_name || ''
}
