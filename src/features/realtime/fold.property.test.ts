import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream, type StreamEvent } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addUser } from '../../../test/factories.ts'
import { fc } from '../../../test/random.ts'
import type { Conversation } from '../conversations/schema.ts'
import type { MessageEvent } from '../messages/events.ts'
import type { Message } from '../messages/schema.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** The state of a client: its conversations, and the messages of each. */
interface State {
  conversations: Map<number, Conversation>
  messages: Map<number, Map<number, Message>>
}

async function fetchAll(token: string): Promise<State> {
  const conversations = new Map<number, Conversation>()
  const messages = new Map<number, Map<number, Message>>()
  for (let page = 1; ; page++) {
    const { body } = await test.api(`/conversations?status=all&page=${page}`, { token })
    if (body.data.payload.length === 0) return { conversations, messages }
    for (const one of body.data.payload as Conversation[]) {
      conversations.set(one.id, one)
      const { body } = await test.api(`/conversations/${one.id}/messages`, { token })
      messages.set(one.id, new Map(body.payload.map((message: Message) => [message.id, message])))
    }
  }
}

/** Applies an event as docs/realtime.md describes. */
function apply(state: State, { name, data }: StreamEvent): void {
  if (name.startsWith('conversation_')) {
    const { conversation } = data as { conversation: Conversation }
    state.conversations.set(conversation.id, conversation)
    if (!state.messages.has(conversation.id)) state.messages.set(conversation.id, new Map())
  }
  if (name.startsWith('message_')) applyMessage(state, name, data)
}

function applyMessage(state: State, name: string, event: MessageEvent): void {
  const {
    event: _,
    conversation: reference,
    contact,
    account,
    actor,
    cause,
    changed,
    before,
    ...message
  } = event
  const { id, created_at } = message
  const messages = state.messages.get(reference.id)!
  if (name === 'message_deleted') messages.delete(id)
  else messages.set(id, message)
  const conversation = state.conversations.get(reference.id)!
  const last = [...messages.values()].filter((one) => !one.private).sort((one, other) => other.id - one.id)[0]
  const unread = message.message_type === 'incoming' ? { message_created: 1, message_deleted: -1 }[name] : 0
  state.conversations.set(reference.id, {
    ...conversation,
    status: reference.status,
    unread_count: Math.max(0, conversation.unread_count + (unread ?? 0)),
    last_message: last ?? null,
    ...(name === 'message_created' ? { last_activity_at: created_at, updated_at: created_at } : {}),
  })
}

type Step =
  | { do: 'begin'; inbox: number; first: boolean }
  | { do: 'send'; at: number; type: 'incoming' | 'outgoing'; note: boolean }
  | { do: 'edit' | 'delete' | 'deliver'; at: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('begin' as const), inbox: fc.nat(1), first: fc.boolean() }),
  {
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      at: fc.nat(),
      type: fc.constantFrom('incoming' as const, 'outgoing' as const),
      note: fc.boolean(),
    }),
    weight: 3,
  },
  fc.record({ do: fc.constantFrom('edit' as const, 'delete' as const, 'deliver' as const), at: fc.nat() }),
)

const call = async (path: string, method: string, body?: object) => test.api(path, { method, body })

async function perform(step: Step, inboxes: number[], initial: State): Promise<void> {
  if (step.do === 'begin') {
    const message = { content: 'begins', message_type: 'incoming' }
    const first = step.first ? { message } : {}
    await call('/conversations', 'POST', { inbox_id: inboxes[step.inbox], contact_id: 1, ...first })
    return
  }
  const conversations = [...initial.conversations.keys()]
  const path = `/conversations/${conversations[step.at % conversations.length]}/messages`
  if (step.do === 'send') {
    const isPrivate = step.type === 'outgoing' && step.note
    await call(path, 'POST', { content: 'sent', message_type: step.type, private: isPrivate })
    return
  }
  const { body } = await test.api(path)
  const message = body.payload[step.at % (body.payload.length || 1)]
  if (!message) return
  // Some of these are refused: then nothing happens, and there is no event.
  if (step.do === 'edit') await call(`${path}/${message.id}`, 'PATCH', { content: 'edited' })
  else if (step.do === 'deliver') await call(`${path}/${message.id}`, 'PATCH', { status: 'delivered' })
  else await call(`${path}/${message.id}`, 'DELETE')
}

describe('the state that was fetched once, after applying every event since', () => {
  for (const [user, isAgent] of [
    ['an administrator', false],
    ['an agent of one inbox', true],
  ] as const) {
    it(`equals what ${user} would fetch now`, async () => {
      const inboxes = [1, await addInbox(test)]
      const { token } = await addUser(test, isAgent ? { inboxes: [1] } : { role: 'administrator' })
      const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        // First the stream, then the lists: otherwise events in between are missed.
        const stream = await openStream(test, { token })
        const watch = await openStream(test)
        const state = await fetchAll(token)
        for (const step of steps) await perform(step, inboxes, state)
        const end = `End ${Math.random()}`
        await call('/contacts', 'POST', { name: end })
        for (const one of [stream, watch]) await one.find(({ data }) => data.contact?.name === end)
        for (const event of stream.logged) apply(state, event)
        assert.deepEqual(state, await fetchAll(token))
        assert.ok(watch.logged.length >= stream.logged.length)
        for (const one of [stream, watch]) one.close()
        await eventually(() => stream.ended && watch.ended)
      })
      await fc.assert(property, { numRuns: 6 })
    })
  }
})
