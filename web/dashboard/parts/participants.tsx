import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Conversation, Member } from '../data/api-types.ts'
import { assignableIn } from '../data/assignable.ts'
import { call } from '../data/call.ts'
import { complaint } from '../data/changes.ts'
import { hear } from '../data/live.ts'
import { accountPath, profile } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'

const t = strings.participants

type Person = Pick<Member, 'id' | 'name'>

/** Who follows a conversation. */
export function Participants({ conversation }: { conversation: Conversation }) {
  const { inbox_id } = conversation
  const { people, change } = useParticipants(conversation)
  const me = profile.value!
  const isFollowing = people?.some((one) => one.id === me.id)
  const others = assignableIn(inbox_id).filter((one) => !people?.some((other) => other.id === one.id))
  if (!people) return null
  return (
    <div class="field">
      <label for="add-participant">{t.title}</label>
      {people.length > 0 ? (
        <div class="chips">
          {people.map(({ id: user, name }) => (
            <span key={user} class="chip">
              <span class="chip-title" title={name}>
                {name}
              </span>
              <button
                type="button"
                class="chip-remove"
                aria-label={t.remove(name)}
                onClick={() => void change('DELETE', user)}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
        </div>
      ) : (
        <p class="quiet">{t.none}</p>
      )}
      <select
        id="add-participant"
        value=""
        title={t.hint}
        disabled={others.length === 0}
        onChange={({ currentTarget }) => {
          const chosen = Number(currentTarget.value)
          currentTarget.value = ''
          if (chosen) void change('POST', chosen)
        }}
      >
        <option value="">{t.add}</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button-link"
        onClick={() => void change(isFollowing ? 'DELETE' : 'POST', me.id)}
      >
        {isFollowing ? t.leave : t.follow}
      </button>
    </div>
  )
}

/** The participants of a conversation, kept up to date with events. A hook. */
function useParticipants({ id, meta }: Conversation) {
  const people = useSignal<readonly Person[] | undefined>(undefined)
  const path = `${accountPath()}/conversations/${id}/participants`
  const add = (person: Person | null) => {
    const all = people.peek()
    if (!person || !all || all.some((one) => one.id === person.id)) return
    people.value = [...all, { id: person.id, name: person.name }].sort((one, other) => one.id - other.id)
  }
  const load = () =>
    call<{ payload: Member[] }>(path).then(
      ({ payload }) => {
        people.value = payload
      },
      () => {},
    )
  useEffect(() => {
    people.value = undefined
    void load()
    return hear({
      connected: () => void load(),
      participants(conversation, all) {
        if (conversation === id) people.value = all
      },
      // The server appends no event for those who write or are assigned: they follow from these.
      message({ kind, message: { conversation_id, message_type, sender } }) {
        if (kind !== 'created' || conversation_id !== id || message_type !== 'outgoing') return
        if (sender?.type === 'User') add(sender)
      },
    })
  }, [id])
  useEffect(() => add(meta.assignee), [meta.assignee?.id])
  const change = async (method: 'POST' | 'DELETE', user: number) => {
    try {
      const { payload } = await call<{ payload: Member[] }>(path, { method, body: { user_ids: [user] } })
      people.value = payload
    } catch (error) {
      complaint.value = (error as Error).message
    }
  }
  return { people: people.value, change }
}
