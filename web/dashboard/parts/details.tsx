import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Contact, Conversation, Priority } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { assign, changePriority } from '../data/changes.ts'
import { agents, nameOfInbox, statusOf, teams } from '../data/directory.ts'
import { hear } from '../data/live.ts'
import { accountPath, profile } from '../data/session.ts'
import { strings } from '../strings.ts'
import { shortTime, wholeTime } from '../times.ts'
import { Avatar } from './avatar.tsx'
import { Labels } from './labels.tsx'
import { Select } from './select.tsx'
import { Snooze } from './snooze.tsx'

const t = strings.details
const priorities: Priority[] = ['urgent', 'high', 'medium', 'low']

/** The name of an agent, with their status unless they are offline. */
function nameWithStatus({ id, name }: { id: number; name: string }): string {
  const status = statusOf(id)
  return status === 'offline' ? name : `${name} (${strings.availability.names[status].toLowerCase()})`
}

/** The contact, and the properties of the conversation. */
export function Details({ conversation }: { conversation: Conversation }) {
  const { id, contact, meta, priority, inbox_id } = conversation
  return (
    <div class="details-scroll">
      <section class="card contact-card" aria-label={t.contact}>
        <Avatar name={contact.name} id={contact.id} size="l" />
        <h2>
          <bdi>{contact.name}</bdi>
        </h2>
        <ContactFacts id={contact.id} />
      </section>
      <section class="card" aria-label={t.conversation}>
        <div class="field">
          <label for="assignee">{t.assignee}</label>
          <Select
            id="assignee"
            value={meta.assignee?.id}
            none={t.unassigned}
            options={withMissing(agents.value, meta.assignee).map((agent) => ({
              value: agent.id,
              text: nameWithStatus(agent),
            }))}
            onChoose={(chosen) => void assign(id, { assignee_id: Number(chosen) || null })}
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
            onChoose={(chosen) => void assign(id, { team_id: Number(chosen) || null })}
          />
        </div>
        <div class="field">
          <label for="priority">{t.priority}</label>
          <Select
            id="priority"
            value={priority}
            none={t.noPriority}
            options={priorities.map((value) => ({ value, text: t.priorities[value] }))}
            onChoose={(chosen) => void changePriority(id, (chosen || null) as Priority | null)}
          />
        </div>
        <Labels conversation={conversation} />
        <Snooze conversation={conversation} />
        <dl class="facts">
          <Fact name={t.inbox} value={nameOfInbox(inbox_id)} />
          <Attributes attributes={conversation.custom_attributes} />
        </dl>
      </section>
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
    <>
      {blocked && <p class="blocked">{t.blocked}</p>}
      <dl class="facts">
        {email && <Fact name={t.email} value={<a href={`mailto:${email}`}>{email}</a>} />}
        {phone_number && <Fact name={t.phone} value={<a href={`tel:${phone_number}`}>{phone_number}</a>} />}
        {identifier && <Fact name={t.identifier} value={identifier} />}
        <Attributes attributes={custom_attributes} />
        <Fact name={t.since} value={wholeTime(created_at)} />
      </dl>
    </>
  )
}

const mostAttributes = 50
const longestValue = 500

function Attributes({ attributes }: { attributes: Record<string, unknown> }) {
  const all = Object.entries(attributes)
  return (
    <>
      {all.slice(0, mostAttributes).map(([name, value]) => (
        <Fact key={name} name={name.slice(0, longestValue)} value={attributeText(value)} />
      ))}
      {all.length > mostAttributes && (
        <Fact name={t.attributes} value={t.moreAttributes(all.length - mostAttributes)} />
      )}
    </>
  )
}

function attributeText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}

function Fact({ name, value }: { name: string; value: preact.ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}

function Earlier({ conversation: { id, contact } }: { conversation: Conversation }) {
  const found = useSignal<readonly Conversation[]>([])
  useEffect(() => {
    call<{ payload: Conversation[] }>(`${accountPath()}/contacts/${contact.id}/conversations`).then(
      ({ payload }) => {
        found.value = payload
      },
      () => {},
    )
  }, [contact.id])
  const others = found.value.filter((other) => other.id !== id)
  return (
    <section class="card" aria-labelledby="earlier">
      <h3 id="earlier">{t.earlier}</h3>
      {others.length === 0 && <p class="quiet">{t.noEarlier}</p>}
      <ul class="earlier">
        {others.map((other) => (
          <li key={other.id}>
            <a href={`/conversations/${other.id}`}>
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
