import type { LoggedEvent } from '../../events/read.ts'
import type { Mention } from '../../lib/text/mention.ts'
import { mentionsIn } from '../../lib/text/mentions.ts'

/** The mentions that a private note, or its change, has added. */
export function mentionsOf({ name, data, before }: LoggedEvent): Mention[] {
  if (name !== 'message_created' && name !== 'message_updated') return []
  // Few messages mention anybody, and parsing each takes longer than this.
  if (!data.includes('mention://')) return []
  const note = JSON.parse(data) as { private: boolean; content: string | null; changed: string[] }
  if (!note.private || note.content === null) return []
  if (name === 'message_created') return mentionsIn(note.content)
  if (!note.changed.includes('content')) return []
  const { content } = JSON.parse(before ?? '{}') as { content?: string }
  const known = new Set(mentionsIn(content ?? '').map(keyOf))
  return mentionsIn(note.content).filter((mention) => !known.has(keyOf(mention)))
}

function keyOf({ kind, id }: Mention): string {
  return `${kind} ${id}`
}
