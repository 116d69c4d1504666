import { signal } from '@preact/signals'
import type { CallError } from '../../shared/api.ts'
import type { DraftConflict, ServerDraft as Shape } from './api-types.ts'
import { call } from './call.ts'
import type { Draft } from './drafts.ts'
import { hear } from './live.ts'
import { outbox } from './outbox.ts'
import { accountPath } from './session.ts'

/** The draft in the composer. */
interface LocalDraft {
  get(): Draft
  set(changes: Partial<Draft>): void
}

// Milliseconds from a change until it is sent: a pause in typing must not be needed for others to see it.
const delay = 400
// Milliseconds until another try, if the server cannot be reached.
const retryDelay = 3000

/**
 * Keeps the draft of a conversation the same in all browsers of the user. What is written in two of them at the same time is
 * never overwritten: the second one is asked which text to keep.
 */
export class ServerDraft {
  /** What another browser has written meanwhile, until the user has chosen. */
  readonly other = signal<Shape | undefined>(undefined)
  readonly #path: string
  readonly #conversation: number
  readonly #local: LocalDraft
  #timer: ReturnType<typeof setTimeout> | undefined
  #isSending = false
  #isEnded = false
  /** Whether an event came while a change was on its way: it may be about that change. */
  #hasHeard = false
  /** The text of a change without an answer: the server may have it. */
  #unanswered: string | undefined

  constructor(conversation: number, local: LocalDraft) {
    this.#path = `${accountPath()}/conversations/${conversation}/draft`
    this.#conversation = conversation
    this.#local = local
  }

  /** Loads it and follows it. Returns a function that ends that, and sends what was not sent. */
  follow(): () => void {
    const load = () => void this.#load()
    load()
    addEventListener('online', load)
    const stop = hear({
      connected: load,
      draft: ({ conversation_id, version }) => {
        if (conversation_id !== this.#conversation || version === this.#local.get().synced?.version) return
        if (this.#isSending) this.#hasHeard = true
        else if (version === 0) this.#take({ content: '', private: false, version, updated_at: null })
        else load()
      },
    })
    return () => {
      stop()
      this.#isEnded = true
      removeEventListener('online', load)
      if (this.#timer !== undefined) void this.#send()
    }
  }

  /** Call it after each change. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.#send(), delay)
  }

  keepMine(): void {
    const { version, content, private: isPrivate } = this.other.peek()!
    this.other.value = undefined
    this.#local.set({ synced: { version, text: content, isPrivate } })
    void this.#send()
  }

  useOther(): void {
    const other = this.other.peek()!
    this.other.value = undefined
    this.#adopt(other)
  }

  async #load(): Promise<void> {
    const draft = await call<Shape>(this.#path).catch((error: CallError) => this.#retryAfter(error))
    if (!draft) return
    if (this.#isSending) this.#hasHeard = true
    else this.#take(draft)
  }

  /** Loads it again later, and then sends what is left. */
  #retryAfter(error: CallError): undefined {
    if (!error.isPassing || this.#isEnded) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#load()
    }, retryDelay)
  }

  #take(draft: Shape): void {
    // On its way as a message: the server forgets it when that has arrived.
    if (outbox.peek().some((entry) => entry.conversation === this.#conversation && isVersion(entry, draft)))
      return
    if (this.#isStored(draft)) {
      const { version, content, private: isPrivate } = draft
      this.#local.set({ synced: { version, text: content, isPrivate } })
    }
    const { text, synced } = this.#local.get()
    const isMine = draft.version === synced?.version
    const isOverwritten = draft.content !== '' && draft.content !== synced?.text && draft.content !== text
    if (!isMine && this.#isChanged() && isOverwritten) {
      this.other.value = draft
      return
    }
    this.other.value = undefined
    if (this.#isChanged() && draft.content !== text) {
      const { version, content, private: isPrivate } = draft
      if (!isMine) this.#local.set({ synced: { version, text: content, isPrivate } })
      this.changed()
    } else if (!isMine) this.#adopt(draft)
  }

  /** Whether this browser has written a draft whose version it does not know: the answer was lost. */
  #isStored({ content, version }: Shape): boolean {
    if (content === '' || version === this.#local.get().synced?.version) return false
    const isSent = outbox
      .peek()
      .some((entry) => entry.conversation === this.#conversation && entry.content === content)
    return isSent || content === this.#unanswered
  }

  #adopt({ content, private: isPrivate, version }: Shape): void {
    const kind = content === '' ? {} : { isPrivate }
    this.#local.set({ text: content, ...kind, synced: { version, text: content, isPrivate } })
  }

  /** Whether there is something here that the server does not have. */
  #isChanged(): boolean {
    const { text, isPrivate, synced } = this.#local.get()
    return text !== (synced?.text ?? '') || (text !== '' && isPrivate !== synced?.isPrivate)
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isSending || this.other.peek() || !this.#isChanged()) return
    this.#isSending = true
    const { text, isPrivate, synced } = this.#local.get()
    const body = { content: text, private: isPrivate, version: synced?.version ?? 0 }
    let conflict: Shape | undefined
    this.#unanswered = text
    try {
      const { version } = await call<Shape>(this.#path, { method: 'PUT', body })
      this.#local.set({ synced: { version, text, isPrivate } })
      this.changed()
      this.#unanswered = undefined
    } catch (error) {
      this.#retryAfter(error as CallError)
      if (!(error as CallError).isPassing) this.#unanswered = undefined
      if ((error as CallError).code === 'stale') conflict = ((error as CallError).body as DraftConflict).draft
    }
    this.#isSending = false
    if (conflict) this.#take(conflict)
    else if (this.#hasHeard) void this.#load()
    this.#hasHeard = false
  }
}

function isVersion({ draftVersion }: { draftVersion?: number | undefined }, { version }: Shape): boolean {
  return draftVersion !== undefined && draftVersion === version
}
