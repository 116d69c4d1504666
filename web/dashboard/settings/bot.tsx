import { useEffect } from 'preact/hooks'
import type { AgentBot } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { accountPath } from '../data/session.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { strings } from '../strings.ts'
import { BotForm, setInboxes, shownSecrets } from './bot-form.tsx'
import { CopyField } from './copy-field.tsx'
import { FetchStatus } from './fetch-status.tsx'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { SecretPanel } from './secret-panel.tsx'
import { words } from './strings.ts'
import { SwitchSection } from './switch-section.tsx'
import { useFetch } from './use-fetch.ts'

const t = words.bots

interface Props {
  item: string
  back: { to: string; name: string }
}

/** One bot: its settings, token and secret. */
export function Bot({ item, back }: Props) {
  const path = `${accountPath()}/agent_bots/${item}`
  const fetched = useFetch<AgentBot>(path)
  const bot = fetched.value.value
  if (bot) return <Known key={bot.id} bot={bot} path={path} reload={fetched.reload} back={back} />
  return (
    <Page title={fetched.trouble.value === undefined ? strings.loading : words.nav.pages.bots} back={back}>
      <FetchStatus fetched={fetched} />
    </Page>
  )
}

interface KnownProps {
  bot: AgentBot
  path: string
  reload(): Promise<void>
  back: Props['back']
}

function Known({ bot, path, reload, back }: KnownProps) {
  const { id, name, description } = bot
  useEffect(
    () => () => {
      shownSecrets.value = undefined
    },
    [],
  )
  const change = async (body: object) => {
    await call(path, { method: 'PATCH', body })
    await reload()
  }
  const save = async (body: object, inboxIds: readonly number[]) => {
    await setInboxes(bot, inboxIds)
    await change(body)
  }
  const rotate = async (what: 'token' | 'secret') => {
    const confirmed = await confirmAction(
      what === 'token'
        ? { title: t.newTokenTitle(name), text: t.newTokenText, action: t.newToken }
        : { title: t.newSecretTitle(name), text: t.newSecretText, action: t.newSecret },
    )
    if (!confirmed) return
    await attempt(async () => {
      shownSecrets.value = { id, ...(await call<object>(`${path}/rotate_${what}`, { method: 'POST' })) }
    })
  }
  return (
    <Page title={name} lead={description ?? undefined} back={back}>
      {shownSecrets.value?.id === id && (
        <Secrets key={`${shownSecrets.value.access_token} ${shownSecrets.value.secret}`} />
      )}
      <SwitchSection texts={t} target={bot} change={change} />
      <Section title={t.settings}>
        <BotForm bot={bot} action={words.save} work={save} />
      </Section>
      <Section title={t.secrets} lead={t.secretsLead}>
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void rotate('token')}>
            {t.newToken}
          </button>
          <button type="button" class="button-quiet" onClick={() => void rotate('secret')}>
            {t.newSecret}
          </button>
        </div>
      </Section>
      <RemoveSection texts={t} name={name} path={path} to={back.to} />
    </Page>
  )
}

function Secrets() {
  const { access_token, secret } = shownSecrets.value!
  const hide = () => {
    shownSecrets.value = undefined
  }
  return (
    <SecretPanel title={t.shown} lead={t.once} action={words.tokens.copied} hide={hide}>
      {access_token && (
        <>
          <h3>{t.token}</h3>
          <CopyField label={t.token} text={access_token} />
        </>
      )}
      {secret && (
        <>
          <h3>{t.secret}</h3>
          <CopyField label={t.secret} text={secret} />
        </>
      )}
    </SecretPanel>
  )
}
