import * as thread from './thread.ts'
import { callOwn } from './visitor.ts'

// For agents typing ends if it is not repeated.
const often = 4000
let toldAt = 0

/** Shows agents that the visitor is typing, or has stopped. */
export function sendTyping(isWriting: boolean): void {
  const now = Date.now()
  if (isWriting ? now - toldAt < often : toldAt === 0) return
  const conversation = thread.current.peek()
  if (!conversation) return
  toldAt = isWriting ? now : 0
  const body = { typing_status: isWriting ? 'on' : 'off' }
  callOwn(`/conversations/${conversation.id}/toggle_typing`, { method: 'POST', body }).catch(() => {})
}
