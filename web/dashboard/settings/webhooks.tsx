import type { Webhook as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { nameOfInbox } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { go } from '../router.ts'
import { FetchStatus } from './fetch-status.tsx'
import { Page, Section } from './page.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'
import { Webhook } from './webhook.tsx'
import { shownSecret, WebhookForm, type WithSecret } from './webhook-form.tsx'

const t = words.webhooks
const back = { to: '/settings/webhooks', name: words.nav.pages.webhooks }

/** The webhooks: all, one of them, or a new one. */
export function Webhooks({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  return item === 'new' ? <New /> : <Webhook item={item} back={back} />
}

function All() {
  const fetched = useFetch<{ payload: Shape[] }>(`${accountPath()}/webhooks`)
  const webhooks = fetched.value.value?.payload
  const make = (
    <a class="button" href="/settings/webhooks/new">
      {t.make}
    </a>
  )
  return (
    <Page title={words.nav.pages.webhooks} lead={t.lead} action={make}>
      <section class="panel" aria-label={words.nav.pages.webhooks}>
        {!webhooks && <FetchStatus fetched={fetched} />}
        {webhooks?.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {webhooks?.map(({ id, name, url, active, subscriptions, inbox_id, format }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/webhooks/${id}`}>
                    <bdi>{name ?? url}</bdi>
                  </a>
                </strong>
                <small class="quiet">
                  {name !== null && (
                    <>
                      <bdi>{url}</bdi>
                      {' · '}
                    </>
                  )}
                  {inbox_id === null ? t.count(subscriptions.length) : t.ofInbox(nameOfInbox(inbox_id))}
                  {format === 'chatwoot' && ` · ${t.chatwootFormat}`}
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
  const work = async (body: object) => {
    shownSecret.value = await call<WithSecret>(`${accountPath()}/webhooks`, { method: 'POST', body })
    go(`/settings/webhooks/${shownSecret.value.id}`, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <WebhookForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}
