import type { PushMessage } from '../../src/features/push/schema.ts'

/** The title of a notification without names and texts. */
export const titles: Record<PushMessage['kind'], string> = {
  test: 'Test notification',
  conversation_creation: 'New conversation',
  conversation_assignment: 'A conversation was assigned to you',
  assigned_conversation_new_message: 'New message',
  conversation_mention: 'You were mentioned',
  participating_conversation_new_message: 'New message in a conversation that you follow',
}

export const testBody = 'This is how you are notified while the dashboard is closed.'
export const inConversation = (id: number) => `Conversation #${id}`
export const messages = (count: number) => `${count} new messages`
