import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Conversation } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { contactName } from '../data/contact-name.ts'
import { isConnected } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { ConversationLink } from '../parts/conversation-link.tsx'
import { Section } from '../settings/page.tsx'
import { strings } from '../strings.ts'
import { companyWords as t } from './strings.ts'

/** The newest conversations with the contacts of a company that the user sees. */
export function ConversationsOf({ company }: { company: number }) {
  const found = useSignal<readonly Conversation[] | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  useEffect(() => {
    const selector = { attribute_key: 'company_id', filter_operator: 'equal_to', values: [company] }
    const path = `${accountPath()}/conversations/filter`
    call<{ payload: Conversation[] }>(path, { method: 'POST', body: { payload: [selector] } }).then(
      ({ payload }) => {
        found.value = payload
        trouble.value = undefined
      },
      (error) => {
        trouble.value = error.message
      },
    )
  }, [company, isConnected.value])
  return (
    <Section title={t.conversations}>
      {trouble.value !== undefined && <p class="trouble">{trouble.value}</p>}
      {!found.value && trouble.value === undefined && <p class="quiet">{strings.loading}</p>}
      {found.value?.length === 0 && <p class="quiet">{t.noConversations}</p>}
      <ul class="earlier">
        {found.value?.map((one) => (
          <ConversationLink
            key={one.id}
            conversation={one}
            href={`/conversations/${one.id}?status=all&tab=all`}
            name={contactName(one.contact)}
          />
        ))}
      </ul>
    </Section>
  )
}
