import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Contact, Conversation, Priority, Status } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { assignTeam, changeAttributes, changePriority, changeStatus } from '../data/changes.ts'
import { contactInitials, contactName } from '../data/contact-name.ts'
import { mailInboxes, nameOfInbox, teams } from '../data/directory.ts'
import { addressOf } from '../data/filter.ts'
import { hear, isConnected } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { Assignee, withMissing } from './assignee.tsx'
import { AttributeFields } from './attribute-fields.tsx'
import { Fact } from './attributes.tsx'
import { Avatar } from './avatar.tsx'
import { CompanyField } from './company-field.tsx'
import { ConversationLink } from './conversation-link.tsx'
import { Labels } from './labels.tsx'
import { late } from './late.tsx'
import { openMailDialog } from './mail-purpose.ts'
import { openOverlay } from './overlay.tsx'
import { Participants } from './participants.tsx'
import { Select } from './select.tsx'
import { Snooze } from './snooze.tsx'
import { Visit } from './visit.tsx'

const t = strings.details
const MovesCard = late(
  () => import('../moves/moves-card.tsx').then((part) => part.MovesCard),
  (_props: { id: number }) => null,
)
const priorities: Priority[] = ['urgent', 'high', 'medium', 'low']
// A conversation is snoozed until a time, which is chosen below.
const statuses = ['open', 'pending', 'snoozed', 'resolved'] as const

/** The contact, and the properties of the conversation. */
export function Details({ conversation }: { conversation: Conversation }) {
  const { id, contact, meta, priority, status, inbox_id } = conversation
  return (
    <div class="details-scroll">
      <header class="card contact-card">
        <Avatar name={contactName(contact)} id={contact.id} initials={contactInitials(contact)} />
        <h2>
          <bdi>{contactName(contact)}</bdi>
        </h2>
      </header>
      <section class="card" aria-label={t.conversation}>
        <Assignee conversation={conversation} />
        <div class="field">
          <label for="team">{t.team}</label>
          <Select
            id="team"
            value={meta.team?.id}
            none={t.noTeam}
            options={withMissing(teams.value, meta.team).map((team) => ({ value: team.id, text: team.name }))}
            onChoose={(chosen) => assignTeam(id, Number(chosen) || null)}
          />
        </div>
        <div class="field field-line">
          <label for="priority">{t.priority}</label>
          <Select
            id="priority"
            value={priority}
            none={t.noPriority}
            options={priorities.map((value) => ({ value, text: t.priorities[value] }))}
            onChoose={(chosen) => changePriority(id, (chosen || null) as Priority | null)}
          />
        </div>
        <div class="field">
          <label for="status">{t.status}</label>
          <Select
            id="status"
            value={status}
            options={statuses
              .filter((value) => value !== 'snoozed' || status === 'snoozed')
              .map((value) => ({ value, text: strings.list.statuses[value] }))}
            onChoose={(chosen) => changeStatus(id, chosen as Status)}
          />
        </div>
        <Snooze conversation={conversation} />
        <Labels conversation={conversation} />
        <Participants conversation={conversation} />
        <dl class="facts">
          <Fact name={t.inbox} value={nameOfInbox(inbox_id)} />
        </dl>
        <AttributeFields
          model="conversation_attribute"
          attributes={conversation.custom_attributes}
          save={(custom_attributes) => changeAttributes(id, custom_attributes)}
        />
      </section>
      <Visit contact={contact.id} inbox={inbox_id} />
      <ContactFacts id={contact.id} />
      <MovesCard id={id} />
      <Earlier conversation={conversation} />
    </div>
  )
}

function ContactFacts({ id }: { id: number }) {
  const contact = useSignal<Contact | undefined>(undefined)
  useEffect(() => {
    const load = () =>
      call<Contact>(`${accountPath()}/contacts/${id}`).then(
        (found) => {
          contact.value = found
        },
        () => {},
      )
    void load()
    return hear({
      contact(changed) {
        if (changed === id) void load()
      },
      company(changed) {
        if (changed === contact.value?.company_id) void load()
      },
    })
  }, [id])
  if (!contact.value) return null
  const { email, phone_number, identifier, created_at, custom_attributes, blocked } = contact.value
  const save = async (body: object) => {
    contact.value = await call<Contact>(`${accountPath()}/contacts/${id}`, { method: 'PATCH', body })
  }
  return (
    <section class="card" aria-labelledby="contact">
      <h3 id="contact">{t.contact}</h3>
      {blocked && <p class="blocked">{t.blocked}</p>}
      <dl class="facts">
        {email && <Fact name={t.email} value={<Email address={email} />} />}
        {phone_number && <Fact name={t.phone} value={<a href={`tel:${phone_number}`}>{phone_number}</a>} />}
        {identifier && <Fact name={t.identifier} value={identifier} />}
        <Fact name={t.since} value={wholeTime(created_at)} />
      </dl>
      <CompanyField contact={contact.value} save={save} />
      <AttributeFields
        model="contact_attribute"
        attributes={custom_attributes}
        save={(change) => save({ custom_attributes: change })}
      />
      <a href={`/contacts/${id}`}>{t.openContact}</a>
    </section>
  )
}

/** An address. A click writes a mail from here, if there is an inbox for it. */
function Email({ address }: { address: string }) {
  if (mailInboxes().length === 0) return <a href={`mailto:${address}`}>{address}</a>
  return (
    <button
      type="button"
      class="button-link"
      title={strings.list.newMail}
      onClick={() => openMailDialog({ to: address })}
    >
      {address}
    </button>
  )
}

function Earlier({ conversation: { id, contact, inbox_id } }: { conversation: Conversation }) {
  const found = useSignal<readonly Conversation[] | undefined>(undefined)
  const isFailed = useSignal(false)
  useEffect(() => {
    const load = () =>
      call<{ payload: Conversation[] }>(`${accountPath()}/contacts/${contact.id}/conversations`).then(
        ({ payload }) => {
          found.value = payload
        },
        () => {
          isFailed.value = true
        },
      )
    void load()
    return hear({
      moved(changed) {
        if (changed === id) void load()
      },
    })
  }, [contact.id, isConnected.value])
  const others = found.value?.filter((other) => other.id !== id && other.merged_into_id === null)
  return (
    <section class="card" aria-labelledby="earlier">
      <h3 id="earlier">{t.earlier}</h3>
      {!others && <p class="quiet">{isFailed.value ? strings.notReached : strings.loading}</p>}
      {others?.length === 0 && <p class="quiet">{t.noEarlier}</p>}
      <ul class="earlier">
        {others?.map((other) => (
          <ConversationLink key={other.id} conversation={other} href={addressOf(other.id)} />
        ))}
      </ul>
      {others?.some((other) => other.inbox_id === inbox_id) && (
        <button type="button" class="button-quiet button-small" onClick={() => openOverlay('merge')}>
          {strings.keys.merge}
        </button>
      )}
    </section>
  )
}
