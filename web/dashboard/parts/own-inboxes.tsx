import { agents, inboxes } from '../data/directory.ts'
import { list } from '../language.ts'
import { strings } from '../strings.ts'

const t = strings.inboxes

/** For an agent without an inbox: whom to ask for one. */
export function NoInbox() {
  const administrators = agents.value.filter(({ role, confirmed }) => role === 'administrator' && confirmed)
  return (
    <section class="empty no-inbox" id="messages" tabIndex={-1}>
      <h1>{t.none}</h1>
      <p>{t.ask}</p>
      <ul>
        {administrators.map(({ id, name, email }) => (
          <li key={id}>
            <bdi>{name}</bdi> · <a href={`mailto:${email}`}>{email}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The names of the inboxes that an agent is a member of. */
export function OwnInboxes() {
  const names = inboxes.value.map(({ name }) => name)
  return (
    <p class="quiet">
      {t.yours}: <bdi>{list(names)}</bdi>
    </p>
  )
}
