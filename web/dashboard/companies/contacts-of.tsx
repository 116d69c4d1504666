import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { contactName } from '../data/contact-name.ts'
import { isConnected } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { Section } from '../settings/page.tsx'
import { strings } from '../strings.ts'
import { companyWords as t } from './strings.ts'

interface Found {
  payload: readonly Contact[]
  before: number | null
}

/** The contacts of a company, the newest first. */
export function ContactsOf({ company }: { company: number }) {
  const found = useSignal<Found | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const load = async (before?: number) => {
    try {
      const query = before === undefined ? '' : `?before_id=${before}`
      const { payload, meta } = await call<{ payload: Contact[]; meta: { before_id: number | null } }>(
        `${accountPath()}/companies/${company}/contacts${query}`,
      )
      const shown = before === undefined ? [] : (found.value?.payload ?? [])
      found.value = { payload: [...shown, ...payload], before: meta.before_id }
      trouble.value = undefined
    } catch (error) {
      trouble.value = (error as Error).message
    }
  }
  useEffect(() => void load(), [company, isConnected.value])
  const { payload = [], before = null } = found.value ?? {}
  return (
    <Section title={t.contacts}>
      {trouble.value !== undefined && <p class="trouble">{trouble.value}</p>}
      {!found.value && trouble.value === undefined && <p class="quiet">{strings.loading}</p>}
      {found.value && payload.length === 0 && <p class="quiet">{t.noContacts}</p>}
      <ul class="earlier">
        {payload.map((contact) => (
          <li key={contact.id}>
            <a href={`/contacts/${contact.id}`}>
              <bdi>
                {[contactName(contact), contact.email]
                  .filter((one, at, all) => one && all.indexOf(one) === at)
                  .join(' · ')}
              </bdi>
            </a>
          </li>
        ))}
      </ul>
      {before !== null && (
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void load(before)}>
            {t.more}
          </button>
        </div>
      )}
    </Section>
  )
}
