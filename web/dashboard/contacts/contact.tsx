import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { CompanyField } from '../companies/company-field.tsx'
import type { Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { contactInitials, contactName } from '../data/contact-name.ts'
import { mailInboxes } from '../data/directory.ts'
import { hear } from '../data/live.ts'
import { accountPath, isAdministrator } from '../data/session.ts'
import { AttributeFields } from '../parts/attribute-fields.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { LabelField } from '../parts/label-field.tsx'
import { openMailDialog } from '../parts/mail-purpose.ts'
import { go } from '../router.ts'
import { Page, Section } from '../settings/page.tsx'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { ConversationsOf } from './conversations.tsx'
import { EditField } from './edit-field.tsx'
import { addressFor, list } from './list-state.ts'
import { MergeDialog } from './merge-dialog.tsx'
import { Notes } from './notes.tsx'
import { contactWords as t } from './strings.ts'

const back = () => ({ to: addressFor(undefined), name: t.back })

/** One contact: who it is, what is known of it, and what was written. */
export function ContactPane({ id }: { id: number }) {
  const contact = useSignal<Contact | null | undefined>(undefined)
  const path = `${accountPath()}/contacts/${id}`
  useEffect(() => {
    const load = () =>
      call<Contact>(path).then(
        (found) => {
          contact.value = found
          list.take(id, found)
        },
        (error) => {
          if (error.status !== 404) return
          contact.value = null
          list.take(id, undefined)
        },
      )
    void load()
    return hear({
      contact: (changed) => {
        if (changed === id) void load()
      },
      company: (changed) => {
        if (changed === contact.value?.company_id) void load()
      },
      reset: () => void load(),
    })
  }, [id])
  if (!contact.value) {
    return (
      <Page title={contact.value === null ? strings.notFound : strings.loading} back={back()}>
        {null}
      </Page>
    )
  }
  const save = async (body: object) => {
    const changed = await call<Contact>(path, { method: 'PATCH', body })
    contact.value = changed
    list.take(id, changed)
  }
  return <Shown contact={contact.value} save={save} />
}

interface ShownProps {
  contact: Contact
  /** Changes the contact. Throws CallError. */
  save(body: object): Promise<void>
}

function Shown({ contact, save }: ShownProps) {
  const { name, email, phone_number, identifier, custom_attributes, created_at } = contact
  const saving = (key: string) => (value: string) => save({ [key]: value || null })
  return (
    <Page title={contactName(contact)} back={back()}>
      <Actions contact={contact} save={save} />
      <Section title={t.details}>
        <div class="edit-fields">
          <EditField label={t.name} name="name" value={name} save={saving('name')} />
          <EditField label={t.email} name="email" type="email" value={email ?? ''} save={saving('email')} />
          <EditField
            label={t.phone}
            name="phone_number"
            type="tel"
            value={phone_number ?? ''}
            save={saving('phone_number')}
          />
          <EditField
            label={t.identifier}
            name="identifier"
            value={identifier ?? ''}
            save={saving('identifier')}
          />
          <CompanyField contact={contact} save={save} />
        </div>
        <Labels contact={contact} />
        <p class="quiet">
          {t.since} {wholeTime(created_at)}
        </p>
      </Section>
      <Section title={t.attributes}>
        <div class="edit-fields">
          <AttributeFields
            model="contact_attribute"
            attributes={custom_attributes}
            save={(change) => save({ custom_attributes: change })}
          />
        </div>
      </Section>
      <Notes contact={contact.id} />
      <ConversationsOf contact={contact.id} />
    </Page>
  )
}

function Actions({ contact, save }: ShownProps) {
  const { id, blocked, email } = contact
  const name = contactName(contact)
  const isMerging = useSignal(false)
  const path = `${accountPath()}/contacts/${id}`
  const block = async () => {
    const question = { title: t.blockTitle(name), text: t.blockText, action: t.block }
    if (blocked || (await confirmAction(question))) await attempt(() => save({ blocked: !blocked }))
  }
  const erase = async () => {
    const question = { title: t.eraseTitle(name), text: t.eraseText, action: t.erase, typed: name }
    if (!(await confirmAction(question))) return
    if (!(await attempt(() => call(path, { method: 'DELETE' })))) return
    list.take(id, undefined)
    go(addressFor(undefined), { replace: true })
  }
  return (
    <div class="contact-actions">
      <Avatar name={name} id={id} initials={contactInitials(contact)} />
      {blocked && <span class="mark">{t.blocked}</span>}
      {email && mailInboxes().length > 0 && (
        <button type="button" class="button-quiet button-small" onClick={() => openMailDialog({ to: email })}>
          {t.write}
        </button>
      )}
      <button type="button" class="button-quiet button-small" onClick={() => void block()}>
        {blocked ? t.unblock : t.block}
      </button>
      <button
        type="button"
        class="button-quiet button-small"
        onClick={() => {
          isMerging.value = true
        }}
      >
        {t.merge}
      </button>
      {isAdministrator.value && (
        <>
          <a class="button-quiet button-small" href={`${path}/export`} download={`contact-${id}.json`}>
            {t.exportIt}
          </a>
          <button type="button" class="button-quiet button-small button-warn" onClick={() => void erase()}>
            {t.erase}
          </button>
        </>
      )}
      {isMerging.value && (
        <MergeDialog
          contact={contact}
          onClose={() => {
            isMerging.value = false
          }}
        />
      )}
    </div>
  )
}

function Labels({ contact: { id, labels } }: { contact: Contact }) {
  const change = (titles: string[]) =>
    // The event with the change brings them to the page.
    void attempt(() =>
      call(`${accountPath()}/contacts/${id}/labels`, { method: 'POST', body: { labels: titles } }),
    )
  return <LabelField id="add-contact-label" texts={t} titles={labels} onChange={change} />
}
