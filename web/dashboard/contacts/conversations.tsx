import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Conversation } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { isConnected } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { ConversationLink } from '../parts/conversation-link.tsx'
import { Section } from '../settings/page.tsx'
import { strings } from '../strings.ts'
import { contactWords as t } from './strings.ts'

interface Found {
  payload: readonly Conversation[]
  page: number
  pages: number
}

/** The conversations of a contact that the user sees, the last active ones first. */
export function ConversationsOf({ contact }: { contact: number }) {
  const found = useSignal<Found | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const load = async (page: number) => {
    try {
      const { payload, meta } = await call<{ payload: Conversation[]; meta: { total_pages: number } }>(
        `${accountPath()}/contacts/${contact}/conversations?page=${page}`,
      )
      const before = page === 1 ? [] : (found.value?.payload ?? [])
      found.value = { payload: [...before, ...payload], page, pages: meta.total_pages }
      trouble.value = undefined
    } catch (error) {
      trouble.value = (error as Error).message
    }
  }
  useEffect(() => void load(1), [contact, isConnected.value])
  const { payload = [], page = 1, pages = 1 } = found.value ?? {}
  return (
    <Section title={t.conversations}>
      {trouble.value !== undefined && <p class="trouble">{trouble.value}</p>}
      {!found.value && trouble.value === undefined && <p class="quiet">{strings.loading}</p>}
      {found.value && payload.length === 0 && <p class="quiet">{t.noConversations}</p>}
      <ul class="earlier">
        {payload.map((one) => (
          <ConversationLink
            key={one.id}
            conversation={one}
            href={`/conversations/${one.id}?status=all&tab=all`}
          />
        ))}
      </ul>
      {page < pages && (
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void load(page + 1)}>
            {t.more}
          </button>
        </div>
      )}
    </Section>
  )
}
