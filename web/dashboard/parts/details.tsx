import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Contact, Conversation, Priority, Status } from '../data/api-types.ts'
import { assignableIn } from '../data/assignable.ts'
import { call } from '../data/call.ts'
import { assign, changePriority, changeStatus } from '../data/changes.ts'
import { contactInitials, contactName } from '../data/contact-name.ts'
import { nameOfInbox, statusOf, teams } from '../data/directory.ts'
import { addressOf } from '../data/list.ts'
import { hear, isConnected } from '../data/live.ts'
import { accountPath, profile } from '../data/session.ts'
import { strings } from '../strings.ts'
import { shortTime, wholeTime } from '../times.ts'
import { Attributes, Fact } from './attributes.tsx'
import { Avatar } from './avatar.tsx'
import { Labels } from './labels.tsx'
import { Select } from './select.tsx'
import { Snooze } from './snooze.tsx'
import { Visit } from './visit.tsx'

const t = strings.details
const priorities: Priority[] = ['urgent', 'high', 'medium', 'low']
// A conversation is snoozed until a time, which is chosen below.
const statuses = ['open', 'pending', 'snoozed', 'resolved'] as const

/** The name of an agent, with their status unless they are offline. */
function nameWithStatus({ id, name }: { id: number; name: string }): string {
  const status = statusOf(id)
  return status === 'offline' ? name : `${name} (${strings.availability.names[status].toLowerCase()})`
}

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
        <div class="field">
          <label for="assignee">{t.assignee}</label>
          <Select
            id="assignee"
            value={meta.assignee?.id}
            none={t.unassigned}
            options={withMissing(assignableIn(inbox_id), meta.assignee).map((agent) => ({
              value: agent.id,
              text: nameWithStatus(agent),
            }))}
            onChoose={(chosen) => assign(id, { assignee_id: Number(chosen) || null })}
          />
          {meta.assignee?.id !== profile.value?.id && (
            <button
              type="button"
              class="button-link"
              onClick={() => void assign(id, { assignee_id: profile.value!.id })}
            >
              {t.takeIt}
            </button>
          )}
        </div>
        <div class="field">
          <label for="team">{t.team}</label>
          <Select
            id="team"
            value={meta.team?.id}
            none={t.noTeam}
            options={withMissing(teams.value, meta.team).map((team) => ({ value: team.id, text: team.name }))}
            onChoose={(chosen) => assign(id, { team_id: Number(chosen) || null })}
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
        <dl class="facts">
          <Fact name={t.inbox} value={nameOfInbox(inbox_id)} />
          <Attributes attributes={conversation.custom_attributes} />
        </dl>
      </section>
      <Visit contact={contact.id} inbox={inbox_id} />
      <ContactFacts id={contact.id} />
      <Earlier conversation={conversation} />
    </div>
  )
}

/** Adds the selected one if it is missing in the list. */
function withMissing<T extends { id: number; name: string }>(
  all: readonly T[],
  one: { id: number; name: string } | null,
) {
  return one && !all.some(({ id }) => id === one.id) ? [...all, one] : all
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
    })
  }, [id])
  if (!contact.value) return null
  const { email, phone_number, identifier, created_at, custom_attributes, blocked } = contact.value
  return (
    <section class="card" aria-labelledby="contact">
      <h3 id="contact">{t.contact}</h3>
      {blocked && <p class="blocked">{t.blocked}</p>}
      <dl class="facts">
        {email && <Fact name={t.email} value={<a href={`mailto:${email}`}>{email}</a>} />}
        {phone_number && <Fact name={t.phone} value={<a href={`tel:${phone_number}`}>{phone_number}</a>} />}
        {identifier && <Fact name={t.identifier} value={identifier} />}
        <Attributes attributes={custom_attributes} />
        <Fact name={t.since} value={wholeTime(created_at)} />
      </dl>
    </section>
  )
}

function Earlier({ conversation: { id, contact } }: { conversation: Conversation }) {
  const found = useSignal<readonly Conversation[] | undefined>(undefined)
  const isFailed = useSignal(false)
  useEffect(() => {
    call<{ payload: Conversation[] }>(`${accountPath()}/contacts/${contact.id}/conversations`).then(
      ({ payload }) => {
        found.value = payload
      },
      () => {
        isFailed.value = true
      },
    )
  }, [contact.id, isConnected.value])
  const others = found.value?.filter((other) => other.id !== id)
  return (
    <section class="card" aria-labelledby="earlier">
      <h3 id="earlier">{t.earlier}</h3>
      {!others && <p class="quiet">{isFailed.value ? strings.notReached : strings.loading}</p>}
      {others?.length === 0 && <p class="quiet">{t.noEarlier}</p>}
      <ul class="earlier">
        {others?.map((other) => (
          <li key={other.id}>
            <a href={addressOf(other.id)}>
              <span class="earlier-status" data-status={other.status}>
                {strings.list.statuses[other.status]}
              </span>
              <bdi>{other.last_message?.content?.slice(0, 120) || `#${other.id}`}</bdi>
              <time>{shortTime(other.last_activity_at)}</time>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
