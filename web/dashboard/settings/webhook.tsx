import { useEffect } from 'preact/hooks'
import type { Webhook as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { nameOfInbox } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { strings } from '../strings.ts'
import { CopyField } from './copy-field.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { FetchStatus } from './fetch-status.tsx'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { SecretPanel } from './secret-panel.tsx'
import { words } from './strings.ts'
import { SwitchSection } from './switch-section.tsx'
import { useFetch } from './use-fetch.ts'
import { shownSecret, WebhookForm, type WithSecret } from './webhook-form.tsx'

const t = words.webhooks

interface Props {
  item: string
  back: { to: string; name: string }
}

/** One webhook: its settings, secret and deliveries. */
export function Webhook({ item, back }: Props) {
  const path = `${accountPath()}/webhooks/${item}`
  const fetched = useFetch<Shape>(path)
  const webhook = fetched.value.value
  if (webhook) return <Known webhook={webhook} path={path} reload={fetched.reload} back={back} />
  return (
    <Page
      title={fetched.trouble.value === undefined ? strings.loading : words.nav.pages.webhooks}
      back={back}
    >
      <FetchStatus fetched={fetched} />
    </Page>
  )
}

interface KnownProps {
  webhook: Shape
  path: string
  reload(): Promise<void>
  back: Props['back']
}

function Known({ webhook, path, reload, back }: KnownProps) {
  const { id, name, url, inbox_id } = webhook
  useEffect(
    () => () => {
      shownSecret.value = undefined
    },
    [],
  )
  const change = async (body: object) => {
    await call(path, { method: 'PATCH', body })
    await reload()
  }
  const rotate = () =>
    attempt(async () => {
      shownSecret.value = await call<WithSecret>(`${path}/rotate_secret`, { method: 'POST' })
    })
  return (
    <Page title={name ?? url} lead={name === null ? undefined : url} back={back}>
      {shownSecret.value?.id === id && (
        <Secret key={shownSecret.value.secret} secret={shownSecret.value.secret} />
      )}
      <SwitchSection texts={t} target={webhook} change={change} />
      <Section title={t.settings}>
        {inbox_id !== null && (
          <p class="quiet">
            {t.ofInboxLead}{' '}
            <a href={`/settings/inboxes/${inbox_id}`}>{nameOfInbox(inbox_id) || t.itsInbox}</a>
          </p>
        )}
        <WebhookForm webhook={webhook} action={words.save} work={change} />
      </Section>
      <Section title={t.deliveries} lead={t.deliveriesLead}>
        <DeliveryList path={path} />
      </Section>
      <Section title={t.secret} lead={t.secretLead}>
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void rotate()}>
            {t.rotate}
          </button>
        </div>
      </Section>
      {inbox_id === null && <RemoveSection texts={t} name={name ?? url} path={path} to={back.to} />}
    </Page>
  )
}

function Secret({ secret }: { secret: string }) {
  const hide = () => {
    shownSecret.value = undefined
  }
  return (
    <SecretPanel title={t.secret} lead={t.secretOnce} action={words.tokens.copied} hide={hide}>
      <CopyField label={t.secret} text={secret} />
    </SecretPanel>
  )
}
