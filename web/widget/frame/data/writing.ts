import * as thread from './thread.ts'
import { callOwn } from './visitor.ts'

// Agents take what is not repeated for ended.
const often = 4000
let toldAt = 0

/** Tells agents that the visitor writes, or has stopped. */
export function tellWriting(isWriting: boolean): void {
  const now = Date.now()
  if (isWriting ? now - toldAt < often : toldAt === 0) return
  const conversation = thread.current.peek()
  if (!conversation) return
  toldAt = isWriting ? now : 0
  const body = { typing_status: isWriting ? 'on' : 'off' }
  callOwn(`/conversations/${conversation.id}/toggle_typing`, { method: 'POST', body }).catch(() => {})
}
