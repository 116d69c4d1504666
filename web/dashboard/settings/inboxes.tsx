import { useSignal } from '@preact/signals'
import type { Inbox as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { inboxes, isDirectoryKnown, loadDirectory } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { channelHint, channelName, isApi, isEmail, isWebsite, knownChannels } from './channels.ts'
import { EmailFields } from './email-fields.tsx'
import { useEmailSettings } from './email-settings.ts'
import { RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Inbox } from './inbox.tsx'
import { WebhookUrl, WebsiteUrl } from './inbox-fields.tsx'
import { Page, Section } from './page.tsx'
import { words } from './strings.ts'

const t = words.inboxes
const back = { to: '/settings/inboxes', name: words.nav.pages.inboxes }

/** The inboxes: all, one of them, or a new one. */
export function Inboxes({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  const inbox = inboxes.value.find(({ id }) => String(id) === item)
  if (inbox) return <Inbox inbox={inbox} back={back} />
  return (
    <Page title={isDirectoryKnown.value ? strings.notFound : strings.loading} back={back}>
      {null}
    </Page>
  )
}

function All() {
  const make = (
    <a class="button" href="/settings/inboxes/new">
      {t.make}
    </a>
  )
  return (
    <Page title={words.nav.pages.inboxes} lead={t.lead} action={make}>
      <section class="panel" aria-label={words.nav.pages.inboxes}>
        {inboxes.value.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {inboxes.value.map((inbox) => (
            <li key={inbox.id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/inboxes/${inbox.id}`}>
                    <bdi>{inbox.name}</bdi>
                  </a>
                </strong>
                <small class="quiet">
                  <bdi>{inbox.website_url ?? inbox.webhook_url ?? channelHint(inbox)}</bdi>
                </small>
              </div>
              <span class="mark">{channelName(inbox)}</span>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  )
}

function New() {
  const name = useSignal('')
  const channel = useSignal<(typeof knownChannels)[number]>(knownChannels[0])
  const type = { channel_type: channel.value }
  const email = useEmailSettings()
  const website = useSignal('')
  const webhook = useSignal('')
  const work = async () => {
    const own = {
      api: () => ({ webhook_url: webhook.value.trim() || null }),
      web_widget: () => ({ website_url: website.value.trim() || null }),
      email: email.draft,
    }
    const body = { name: name.value, channel: { type: channel.value, ...own[channel.value]() } }
    const { id } = await call<Shape>(`${accountPath()}/inboxes`, { method: 'POST', body })
    await loadDirectory()
    go(`/settings/inboxes/${id}`, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <Form label={t.makeTitle} action={t.make} work={work}>
          <TextField
            name="name"
            label={t.name}
            hint={t.nameHint}
            value={name}
            placeholder={t.namePlaceholder}
          />
          <RadioGroup
            name="channel.type"
            label={t.channel}
            value={channel}
            options={knownChannels.map((value) => ({
              value,
              text: t.channels[value],
              hint: t.channelHints[value],
            }))}
          />
          {isApi(type) && <WebhookUrl value={webhook} />}
          {isWebsite(type) && <WebsiteUrl value={website} />}
          {isEmail(type) && <EmailFields settings={email} />}
        </Form>
      </Section>
    </Page>
  )
}
