import type { AccessToken } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { agents } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { FetchStatus } from './fetch-status.tsx'
import { Section } from './page.tsx'
import { words } from './strings.ts'
import { factsOf } from './tokens.tsx'
import { useFetch } from './use-fetch.ts'

const t = words.tokens

/** The access tokens of all agents, which administrators can revoke. */
export function AgentTokens() {
  const path = `${accountPath()}/access_tokens`
  const fetched = useFetch<{ payload: AccessToken[] }>(path)
  const tokens = fetched.value.value?.payload
  const revoke = async ({ id, name }: AccessToken) => {
    const text = t.revokeText
    if (!(await confirmAction({ title: t.revokeTitle(name), text, action: t.revoke }))) return
    await attempt(() => call(`${path}/${id}`, { method: 'DELETE' }))
    await fetched.reload()
  }
  // If an agent has just been removed, their tokens are revoked but still in the list.
  const rows = tokens?.flatMap((token) => {
    const agent = agents.value.find(({ id }) => id === token.user_id)
    return agent ? [{ token, agent }] : []
  })
  return (
    <Section title={t.all} lead={t.allLead}>
      {!rows && <FetchStatus fetched={fetched} />}
      {rows?.length === 0 && <p class="quiet">{t.noneOfAll}</p>}
      <ul class="things">
        {rows?.map(({ token, agent }) => (
          <li key={token.id} class="thing">
            <div class="thing-text">
              <strong>
                <bdi>{token.name}</bdi>
              </strong>
              <small class="quiet">
                <bdi>{agent.name}</bdi> · {factsOf(token)}
              </small>
            </div>
            <button
              type="button"
              class="button-quiet button-small"
              aria-label={t.revokeOneOf(token.name, agent.name)}
              onClick={() => void revoke(token)}
            >
              {t.revoke}
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
