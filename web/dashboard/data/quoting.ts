import { signal } from '@preact/signals'
import type { Message } from './api-types.ts'

/** The messages that the next reply answers, by conversation. */
const quoted = signal<ReadonlyMap<number, Message>>(new Map())

/** The message that the next reply, or note, in a conversation answers. A reply cannot answer a note: the customer sees it. */
export function quotableIn(conversation: number, isNote: boolean): Message | undefined {
  const message = quoted.value.get(conversation)
  return message?.private && !isNote ? undefined : message
}

/** Lets the next reply in its conversation answer a message. */
export function quote(message: Message): void {
  quoted.value = new Map(quoted.peek()).set(message.conversation_id, message)
  document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
}

/** Lets the next reply answer no message. */
export function quoteNothing(conversation: number): void {
  quoted.value = new Map([...quoted.peek()].filter(([id]) => id !== conversation))
}
