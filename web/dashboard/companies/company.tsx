import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { EditField } from '../contacts/edit-field.tsx'
import type { Company } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { hear } from '../data/live.ts'
import { accountPath, isAdministrator } from '../data/session.ts'
import { Avatar } from '../parts/avatar.tsx'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { go } from '../router.ts'
import { Page, Section } from '../settings/page.tsx'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { ContactsOf } from './contacts-of.tsx'
import { ConversationsOf } from './conversations-of.tsx'
import { addressFor, list } from './state.ts'
import { companyWords as t } from './strings.ts'

const back = () => ({ to: addressFor(undefined), name: t.back })

/** One company: what it is, its contacts, and what they wrote. */
export function CompanyPane({ id }: { id: number }) {
  const company = useSignal<Company | null | undefined>(undefined)
  const path = `${accountPath()}/companies/${id}`
  useEffect(() => {
    const load = () =>
      call<Company>(path).then(
        (found) => {
          company.value = found
          list.take(id, found)
        },
        (error) => {
          if (error.status !== 404) return
          company.value = null
          list.take(id, undefined)
        },
      )
    void load()
    return hear({
      company: (changed) => {
        if (changed === id) void load()
      },
      reset: () => void load(),
    })
  }, [id])
  if (!company.value) {
    return (
      <Page title={company.value === null ? strings.notFound : strings.loading} back={back()}>
        {null}
      </Page>
    )
  }
  const save = async (body: object) => {
    const changed = await call<Company>(path, { method: 'PATCH', body })
    company.value = changed
    list.take(id, changed)
  }
  const { name, domain, description, created_at } = company.value
  return (
    <Page title={name} back={back()}>
      <Actions company={company.value} />
      <Section title={t.details}>
        <div class="edit-fields">
          <EditField label={t.name} name="name" value={name} save={(value) => save({ name: value })} />
          <EditField
            label={t.domain}
            name="domain"
            hint={t.domainHint}
            value={domain ?? ''}
            save={(value) => save({ domain: value || null })}
          />
          <EditField
            label={t.description}
            name="description"
            value={description ?? ''}
            save={(value) => save({ description: value || null })}
          />
        </div>
        <p class="quiet">
          {t.since} {wholeTime(created_at)}
        </p>
      </Section>
      <ContactsOf company={id} />
      <ConversationsOf company={id} />
    </Page>
  )
}

function Actions({ company: { id, name, contacts_count } }: { company: Company }) {
  const remove = async () => {
    const question = { title: t.removeTitle(name), text: t.removeText, action: t.remove }
    if (!(await confirmAction(question))) return
    if (!(await attempt(() => call(`${accountPath()}/companies/${id}`, { method: 'DELETE' })))) return
    list.take(id, undefined)
    go(addressFor(undefined), { replace: true })
  }
  return (
    <div class="contact-actions">
      <Avatar name={name} id={id} />
      <span class="quiet">{t.contactCount(contacts_count)}</span>
      {isAdministrator.value && (
        <button type="button" class="button-quiet button-small button-warn" onClick={() => void remove()}>
          {t.remove}
        </button>
      )}
    </div>
  )
}
