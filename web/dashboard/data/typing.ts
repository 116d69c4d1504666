import { signal } from '@preact/signals'
import { call } from './call.ts'
import { contactName, contactOf } from './contact-name.ts'
import { hear } from './live.ts'
import { accountPath, profile } from './session.ts'

/** Somebody who is typing. */
export interface Writer {
  name: string
  isPrivate: boolean
}

/** Who is typing, by conversation and person. */
export const writers = signal<ReadonlyMap<number, ReadonlyMap<string, Writer>>>(new Map())

// Typing ends if "on" is not repeated.
const longest = 8000
const again = 4000
const ends = new Map<string, ReturnType<typeof setTimeout>>()

function set(conversation: number, who: string, writer: Writer | undefined): void {
  const next = new Map(writers.value)
  const there = new Map(next.get(conversation))
  if (writer) there.set(who, writer)
  else there.delete(who)
  if (there.size > 0) next.set(conversation, there)
  else next.delete(conversation)
  writers.value = next
  const end = `${conversation} ${who}`
  clearTimeout(ends.get(end))
  ends.delete(end)
  if (writer)
    ends.set(
      end,
      setTimeout(() => set(conversation, who, undefined), longest),
    )
}

/** Keeps them up to date with events. A message from a person ends their typing. */
export function followTyping(): () => void {
  return hear({
    typing({ conversation_id, user, contact, bot, is_private, typing_status }) {
      if (user && user.id === profile.value?.id && !contact) return
      const person = contact ?? user ?? bot
      if (!person) return
      const who = `${contact ? 'Contact' : user ? 'User' : 'AgentBot'} ${person.id}`
      const name = contact ? contactName(contactOf(conversation_id, contact)) : person.name
      const writer = { name, isPrivate: is_private }
      set(conversation_id, who, typing_status === 'on' ? writer : undefined)
    },
    message({ kind, message }) {
      if (kind !== 'created' || !message.sender) return
      const who = `${message.sender.type} ${message.sender.id}`
      if (writers.peek().get(message.conversation_id)?.has(who)) set(message.conversation_id, who, undefined)
    },
  })
}

let told: { conversation: number; isPrivate: boolean; at: number } | undefined

/** Shows the others that this user is typing; repeated at most every few seconds. */
export function tellTyping(conversation: number, isPrivate: boolean): void {
  const isSame = told?.conversation === conversation && told.isPrivate === isPrivate
  if (isSame && Date.now() - told!.at < again) return
  told = { conversation, isPrivate, at: Date.now() }
  tell(conversation, isPrivate, 'on')
}

/** Shows the others that this user is no longer typing. */
export function tellPause(): void {
  if (!told) return
  tell(told.conversation, told.isPrivate, 'off')
  told = undefined
}

function tell(conversation: number, is_private: boolean, typing_status: 'on' | 'off'): void {
  const path = `${accountPath()}/conversations/${conversation}/toggle_typing_status`
  void call(path, { method: 'POST', body: { typing_status, is_private } }).catch(() => {})
}
