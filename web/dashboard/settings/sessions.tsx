import { browserName } from '../browser-name.ts'
import type { Session } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { wholeTime } from '../times.ts'
import { FetchStatus } from './fetch-status.tsx'
import { Section } from './page.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const t = words.profile
const path = '/api/v1/profile/sessions'

/** The browsers in which the user is signed in. */
export function Sessions() {
  const fetched = useFetch<{ payload: Session[] }>(path)
  const sessions = fetched.value.value?.payload
  const end = async (id: number) => {
    await attempt(() => call(`${path}/${id}`, { method: 'DELETE' }))
    await fetched.reload()
  }
  const endOthers = async () => {
    if (!(await confirmAction({ title: t.endOthersTitle, text: t.endOthersText, action: t.endOthers })))
      return
    await attempt(() => call(path, { method: 'DELETE' }))
    await fetched.reload()
  }
  return (
    <Section title={t.sessions} lead={t.sessionsLead}>
      {!sessions && <FetchStatus fetched={fetched} />}
      <ul class="things">
        {sessions?.map(({ id, user_agent, current, last_used_at, created_at }) => (
          <li key={id} class="thing">
            <div class="thing-text">
              <strong title={user_agent ?? undefined}>
                <bdi>{browserName(user_agent)}</bdi>
              </strong>
              <small class="quiet">{t.sessionFacts(wholeTime(last_used_at), wholeTime(created_at))}</small>
            </div>
            {current ? (
              <span class="mark mark-note">{t.thisSession}</span>
            ) : (
              <button
                type="button"
                class="button-quiet button-small"
                aria-label={t.endSessionOf(browserName(user_agent))}
                onClick={() => void end(id)}
              >
                {t.endSession}
              </button>
            )}
          </li>
        ))}
      </ul>
      {(sessions?.length ?? 0) > 1 && (
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void endOthers()}>
            {t.endOthers}
          </button>
        </div>
      )}
    </Section>
  )
}
