import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Agent } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { agents, inboxes, isDirectoryKnown, loadDirectory, statusOf, teams } from '../data/directory.ts'
import { accountPath, loadProfile, profile } from '../data/session.ts'
import { Avatar } from '../parts/avatar.tsx'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { Select } from '../parts/select.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { AgentTokens } from './agent-tokens.tsx'
import { CopyField } from './copy-field.tsx'
import { CheckboxGroup, RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Page, Section } from './page.tsx'
import { SecretPanel } from './secret-panel.tsx'
import { words } from './strings.ts'

const t = words.agents
const back = { to: '/settings/agents', name: words.nav.pages.agents }
const roles = ['agent', 'administrator'] as const

/** A link with which a user sets their password. */
interface Link {
  name: string
  /** null if it was sent by email. */
  url: string | null
  kind: 'invitation' | 'password'
}

/** The link that was created last, until the person has sent it. */
const link = signal<Link | undefined>(undefined)

/** The agents of the account, or the invitation of another. */
export function Agents({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  return (
    <Page title={strings.notFound} back={back}>
      {null}
    </Page>
  )
}

function All() {
  useEffect(
    () => () => {
      link.value = undefined
    },
    [],
  )
  const invite = (
    <a class="button" href="/settings/agents/new">
      {t.inviteTitle}
    </a>
  )
  return (
    <Page title={words.nav.pages.agents} lead={t.lead} action={invite}>
      {link.value && <PasswordLink key={`${link.value.name} ${link.value.url}`} {...link.value} />}
      <section class="panel" aria-label={t.list}>
        {!isDirectoryKnown.value && <p class="quiet">{strings.loading}</p>}
        <ul class="things">
          {agents.value.map((agent) => (
            <Row key={agent.id} agent={agent} />
          ))}
        </ul>
      </section>
      <AgentTokens />
    </Page>
  )
}

function New() {
  return (
    <Page title={t.inviteTitle} lead={t.inviteLead} back={back}>
      <Invite
        onInvited={(invited) => {
          link.value = invited
          go(back.to, { replace: true })
        }}
      />
    </Page>
  )
}

function Row({ agent }: { agent: Agent }) {
  const { id, name, email, role, confirmed } = agent
  const path = `${accountPath()}/agents/${id}`
  const isYou = id === profile.value!.id
  const change = async (chosen: string) => {
    await attempt(() => call(path, { method: 'PATCH', body: { role: chosen } }))
    await loadDirectory().catch(() => {})
    // A user who is no longer an administrator must not see this page.
    if (isYou) await loadProfile()
  }
  const remove = async () => {
    const text = isYou ? t.removeYouText : t.removeText
    if (!(await confirmAction({ title: t.removeTitle(name), text, action: t.remove }))) return
    await attempt(() => call(path, { method: 'DELETE' }))
    await loadDirectory().catch(() => {})
    if (isYou) await loadProfile()
  }
  const createLink = () =>
    attempt(async () => {
      const { url } = await call<{ url: string | null }>(`${path}/password_link`, { method: 'POST' })
      link.value = { name, url, kind: confirmed ? 'password' : 'invitation' }
    })
  return (
    <li class="thing">
      <Avatar name={name} id={id} status={statusOf(id)} />
      <div class="thing-text">
        <strong>
          <bdi>{name}</bdi> {isYou && <span class="quiet">{t.you}</span>}
        </strong>
        <small class="quiet">
          <bdi>{email}</bdi> · {strings.availability.names[statusOf(id)]}
        </small>
      </div>
      {!confirmed && <span class="mark mark-note">{t.invited}</span>}
      <div class="thing-acts">
        <Select
          label={t.roleOf(name)}
          value={role}
          options={roles.map((value) => ({ value, text: t.roles[value] }))}
          onChoose={(chosen) => void change(chosen)}
        />
        <button
          type="button"
          class="button-quiet button-small"
          aria-label={t.linkFor(name)}
          onClick={() => void createLink()}
        >
          {t.link}
        </button>
        <button
          type="button"
          class="button-quiet button-small"
          aria-label={t.removeOne(name)}
          onClick={() => void remove()}
        >
          {t.remove}
        </button>
      </div>
    </li>
  )
}

function Invite({ onInvited }: { onInvited(link: Link): void }) {
  const name = useSignal('')
  const email = useSignal('')
  const role = useSignal<Agent['role']>('agent')
  const inboxIds = useSignal<readonly string[]>([])
  const teamIds = useSignal<readonly string[]>([])
  const work = async () => {
    const body = {
      name: name.value,
      email: email.value.trim(),
      role: role.value,
      // An administrator sees all inboxes.
      inbox_ids: role.value === 'agent' ? inboxIds.value.map(Number) : [],
      team_ids: teamIds.value.map(Number),
    }
    const invited = await call<Agent & { invite_url: string | null }>(`${accountPath()}/agents`, {
      method: 'POST',
      body,
    })
    onInvited({ name: invited.name, url: invited.invite_url, kind: 'invitation' })
    name.value = ''
    email.value = ''
    await loadDirectory().catch(() => {})
  }
  return (
    <Section title={t.invitation}>
      <Form label={t.inviteTitle} action={t.invite} work={work} done="">
        <TextField name="name" label={t.name} value={name} />
        <TextField name="email" label={t.email} value={email} type="email" />
        <RadioGroup
          name="role"
          label={t.role}
          value={role}
          options={roles.map((value) => ({ value, text: t.roles[value], hint: t.roleHints[value] }))}
        />
        {role.value === 'agent' && inboxes.value.length > 0 && (
          <CheckboxGroup
            name="inbox_ids"
            label={words.nav.pages.inboxes}
            value={inboxIds}
            options={inboxes.value.map(toOption)}
          />
        )}
        {teams.value.length > 0 && (
          <CheckboxGroup
            name="team_ids"
            label={words.nav.pages.teams}
            value={teamIds}
            options={teams.value.map(toOption)}
          />
        )}
      </Form>
    </Section>
  )
}

function toOption({ id, name }: { id: number; name: string }) {
  return { value: String(id), text: name }
}

function PasswordLink({ name, url, kind }: Link) {
  const hide = () => {
    link.value = undefined
  }
  return (
    <SecretPanel
      title={t.linkTitles[kind](name)}
      lead={url === null ? t.sentByMail(name) : t.linkLeads[kind]}
      action={url === null ? strings.close : t.linkSent}
      hide={hide}
    >
      {url !== null && <CopyField label={t.link} text={url} />}
    </SecretPanel>
  )
}
