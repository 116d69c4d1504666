import type { AgentBot } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { nameOfInbox } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { list } from '../language.ts'
import { go } from '../router.ts'
import { Bot } from './bot.tsx'
import { BotForm, setInboxes, shownSecrets } from './bot-form.tsx'
import { FetchStatus } from './fetch-status.tsx'
import { Page, Section } from './page.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const t = words.bots
const back = { to: '/settings/bots', name: words.nav.pages.bots }

/** The bots: all, one of them, or a new one. */
export function Bots({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  return item === 'new' ? <New /> : <Bot item={item} back={back} />
}

function All() {
  const fetched = useFetch<{ payload: AgentBot[] }>(`${accountPath()}/agent_bots`)
  const bots = fetched.value.value?.payload
  const make = (
    <a class="button" href="/settings/bots/new">
      {t.make}
    </a>
  )
  return (
    <Page title={words.nav.pages.bots} lead={t.lead} action={make}>
      <section class="panel" aria-label={words.nav.pages.bots}>
        {!bots && <FetchStatus fetched={fetched} />}
        {bots?.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {bots?.map(({ id, name, description, active, inbox_ids }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/bots/${id}`}>
                    <bdi>{name}</bdi>
                  </a>
                </strong>
                <small class="quiet">
                  {description && (
                    <>
                      <bdi>{description}</bdi>
                      {' · '}
                    </>
                  )}
                  {inbox_ids.length === 0 ? t.noInbox : t.answersIn(list(inbox_ids.map(nameOfInbox)))}
                </small>
              </div>
              <span class={active ? 'mark mark-good' : 'mark mark-bad'}>{active ? t.active : t.off}</span>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  )
}

function New() {
  const work = async (body: object, inboxIds: readonly number[]) => {
    const created = await call<AgentBot & { access_token: string; secret: string }>(
      `${accountPath()}/agent_bots`,
      { method: 'POST', body },
    )
    const { id, access_token, secret } = created
    shownSecrets.value = { id, access_token, secret }
    await setInboxes(created, inboxIds)
    go(`/settings/bots/${id}`, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <BotForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}
