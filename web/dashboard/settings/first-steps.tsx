import { useSignal } from '@preact/signals'
import type { Inbox } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { inboxes, isDirectoryKnown, loadDirectory } from '../data/directory.ts'
import { addressOf } from '../data/filter.ts'
import { firstSteps, sampleConversation } from '../data/first-steps.ts'
import { account, accountPath, isAdministrator } from '../data/session.ts'
import { OwnInboxes } from '../parts/own-inboxes.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import './style/forms.css'
import './style/first-steps.css'
import { isApi, isWebsite, knownChannels } from './channels.ts'
import { beginConversationCommand } from './commands.ts'
import { CopyField } from './copy-field.tsx'
import { TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { words } from './strings.ts'

const t = words.first

/** Shown while the account has no conversations, or only the sample of the first start: how to get the first one. */
export function FirstSteps() {
  if (!isDirectoryKnown.value) return <p class="empty">{strings.loading}</p>
  const hasSample = firstSteps.value === 'with-sample'
  const title = hasSample ? t.startTitle : t.title
  return (
    <section
      class="first"
      id="messages"
      tabIndex={-1}
      aria-label={title}
      data-with-sample={hasSample || undefined}
    >
      <div class="first-inner">
        <header>
          {hasSample ? <h2 class="first-title">{title}</h2> : <h1 class="first-title">{title}</h1>}
          <p class="quiet">{hasSample ? t.startLead : t.lead}</p>
          {!isAdministrator.value && <OwnInboxes />}
        </header>
        <ol class="first-steps">
          {hasSample ? <Practice /> : <Sample />}
          <Website />
          <Program />
        </ol>
      </div>
    </section>
  )
}

function Practice() {
  return (
    <li class="first-step">
      <h2>{t.practice}</h2>
      <p class="quiet">{t.practiceLead}</p>
      <div class="buttons">
        <a class="button" href={addressOf(sampleConversation)}>
          {t.openSample}
        </a>
      </div>
    </li>
  )
}

function Sample() {
  const isWorking = useSignal(false)
  const make = async () => {
    if (isWorking.value) return
    isWorking.value = true
    await attempt(async () => {
      const id = await makeSample()
      go(`/conversations/${id}`)
    })
    isWorking.value = false
  }
  return (
    <li class="first-step">
      <h2>{t.sample}</h2>
      <p class="quiet">{t.sampleLead}</p>
      <div class="buttons">
        <button type="button" class="button" aria-disabled={isWorking.value} onClick={() => void make()}>
          {t.makeSample}
        </button>
      </div>
    </li>
  )
}

/** Writes a message through the client API, as a customer does. Returns the id of the conversation. */
async function makeSample(): Promise<number> {
  const inbox = apiInbox() ?? inboxes.value.find(isWebsite) ?? (await makeInbox())
  const own = `/public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`
  const { source_id } = await call<{ source_id: string }>(own, {
    method: 'POST',
    body: { name: t.sampleName },
  })
  const path = `${own}/${source_id}/conversations`
  const { id } = await call<{ id: number }>(path, { method: 'POST' })
  await call(`${path}/${id}/messages`, { method: 'POST', body: { content: t.sampleMessage } })
  return id
}

function apiInbox(): Inbox | undefined {
  return inboxes.value.find(isApi)
}

async function makeInbox(): Promise<Inbox> {
  const body = { name: t.inboxName, channel: { type: knownChannels[0] } }
  const inbox = await call<Inbox>(`${accountPath()}/inboxes`, { method: 'POST', body })
  await loadDirectory()
  return inbox
}

function Program() {
  const token = useSignal<string | undefined>(undefined)
  const inbox = apiInbox()
  const make = () =>
    attempt(async () => {
      const body = { name: t.tokenName, scopes: ['write'], account_id: account.value!.id }
      const made = await call<{ token: string }>('/api/v1/profile/access_tokens', { method: 'POST', body })
      token.value = made.token
    })
  return (
    <li class="first-step">
      <h2>{t.program}</h2>
      <p class="quiet">{t.programLead}</p>
      {inbox ? (
        <>
          <CopyField
            label={t.command}
            text={beginConversationCommand(accountPath(), inbox.id, token.value ?? t.tokenPlace)}
            isLong
          />
          {token.value === undefined ? (
            <div class="buttons">
              <button type="button" class="button-quiet" onClick={() => void make()}>
                {t.makeToken}
              </button>
            </div>
          ) : (
            <p class="quiet" role="status">
              {t.tokenMade} <a href="/settings/tokens">{words.nav.pages.tokens}</a>
            </p>
          )}
        </>
      ) : (
        <ToInboxes text={t.toApiInbox} />
      )}
    </li>
  )
}

function Website() {
  const inbox = inboxes.value.find(isWebsite)
  if (!inbox && !isAdministrator.value) return null
  return (
    <li class="first-step">
      <h2>{t.website}</h2>
      <p class="quiet">{t.websiteLead}</p>
      {inbox?.embed_script ? (
        <CopyField label={words.inboxes.script} text={inbox.embed_script} isLong />
      ) : (
        <NewWebsite />
      )}
    </li>
  )
}

/** Creates the inbox of a website, which is named after its host. */
function NewWebsite() {
  const website = useSignal('')
  const work = async () => {
    const typed = website.value.trim()
    if (typed === '') throw new Error(t.noWebsite)
    const website_url = /^https?:/i.test(typed) ? typed : `https://${typed}`
    const name = (URL.canParse(website_url) ? new URL(website_url).hostname : typed).replace(/^www\./, '')
    const body = { name, channel: { type: 'web_widget', website_url } }
    await call<Inbox>(`${accountPath()}/inboxes`, { method: 'POST', body })
    await loadDirectory()
  }
  return (
    <Form label={t.website} action={t.createChat} work={work}>
      <TextField
        name="channel.website_url"
        label={words.inboxes.website}
        value={website}
        type="url"
        placeholder="https://www.example.com"
      />
    </Form>
  )
}

function ToInboxes({ text }: { text: string }) {
  return (
    <div class="buttons">
      <a class="button-quiet" href="/settings/inboxes/new">
        {text}
      </a>
    </div>
  )
}
