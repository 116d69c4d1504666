import { useEffect } from 'preact/hooks'
import type { Member } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { agents, statusOf } from '../data/directory.ts'
import { hear } from '../data/live.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Select } from '../parts/select.tsx'
import { strings } from '../strings.ts'
import { FetchStatus } from './fetch-status.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const t = words.members

// The members of an inbox come in an object, those of a team do not.
type MembersBody = Member[] | { payload: Member[] }

function listOf(body: MembersBody): Member[] {
  return Array.isArray(body) ? body : body.payload
}

/** The members of the inbox or team at this path. Changes apply at once. */
export function Members({ path }: { path: string }) {
  const fetched = useFetch<MembersBody>(path)
  const { value } = fetched
  useEffect(() => hear({ setting: () => void fetched.reload() }), [path])
  if (!value.value) return <FetchStatus fetched={fetched} />
  const members = listOf(value.value)
  const change = (method: 'POST' | 'DELETE', id: number) =>
    attempt(async () => {
      value.value = await call<MembersBody>(path, { method, body: { user_ids: [id] } })
    })
  const others = agents.value.filter((agent) => !members.some(({ id }) => id === agent.id))
  return (
    <>
      {members.length === 0 && <p class="quiet">{t.none}</p>}
      <ul class="things">
        {members.map(({ id, name, email }) => (
          <li key={id} class="thing">
            <Avatar name={name} id={id} size="s" status={statusOf(id)} />
            <div class="thing-text">
              <strong>
                <bdi>{name}</bdi>
              </strong>
              <small class="quiet">
                <bdi>{email}</bdi> · {strings.availability.names[statusOf(id)]}
              </small>
            </div>
            <button
              type="button"
              class="button-quiet button-small"
              aria-label={t.removeOne(name)}
              onClick={() => void change('DELETE', id)}
            >
              {t.remove}
            </button>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <div class="adding">
          <Select
            label={t.add}
            value=""
            none={t.add}
            options={others.map(({ id, name, email }) => ({ value: id, text: `${name} (${email})` }))}
            onChoose={(chosen) => void (chosen && change('POST', Number(chosen)))}
          />
        </div>
      )}
    </>
  )
}
