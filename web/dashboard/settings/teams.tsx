import { useSignal } from '@preact/signals'
import type { Team as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { isDirectoryKnown, loadDirectory, teams } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { CheckboxField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Members } from './members.tsx'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { words } from './strings.ts'

const t = words.teams
const back = { to: '/settings/teams', name: words.nav.pages.teams }

/** The teams: all, one of them, or a new one. */
export function Teams({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  const team = teams.value.find(({ id }) => String(id) === item)
  if (team) return <Team team={team} />
  return (
    <Page title={isDirectoryKnown.value ? strings.notFound : strings.loading} back={back}>
      {null}
    </Page>
  )
}

function All() {
  const make = (
    <a class="button" href="/settings/teams/new">
      {t.make}
    </a>
  )
  return (
    <Page title={words.nav.pages.teams} lead={t.lead} action={make}>
      <section class="panel" aria-label={words.nav.pages.teams}>
        {isDirectoryKnown.value && teams.value.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {teams.value.map(({ id, name, description, allow_auto_assign }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/teams/${id}`}>
                    <bdi>{name}</bdi>
                  </a>
                </strong>
                {description && <small class="quiet">{description}</small>}
              </div>
              {allow_auto_assign && <span class="mark">{t.automatic}</span>}
            </li>
          ))}
        </ul>
      </section>
    </Page>
  )
}

function New() {
  const work = async (body: object) => {
    const { id } = await call<Shape>(`${accountPath()}/teams`, { method: 'POST', body })
    await loadDirectory()
    go(`/settings/teams/${id}`, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <TeamForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}

function Team({ team }: { team: Shape }) {
  const { id, name } = team
  const path = `${accountPath()}/teams/${id}`
  const work = async (body: object) => {
    await call(path, { method: 'PATCH', body })
    await loadDirectory()
  }
  return (
    <Page title={name} back={back}>
      <Section title={t.settings}>
        <TeamForm team={team} action={words.save} work={work} />
      </Section>
      <Section title={t.members} lead={t.membersLead}>
        <Members path={`${path}/team_members`} />
      </Section>
      <RemoveSection texts={t} name={name} path={path} to={back.to} reload={loadDirectory} />
    </Page>
  )
}

interface TeamFormProps {
  team?: Shape
  action: string
  work(body: object): Promise<void>
}

function TeamForm({ team, action, work }: TeamFormProps) {
  const name = useSignal(team?.name ?? '')
  const description = useSignal(team?.description ?? '')
  const isByTurns = useSignal(team?.allow_auto_assign ?? true)
  const send = () =>
    work({
      name: name.value,
      description: description.value.trim() || null,
      allow_auto_assign: isByTurns.value,
    })
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField name="name" label={t.name} value={name} placeholder={t.namePlaceholder} />
      <TextField name="description" label={t.description} value={description} isOptional />
      <CheckboxField
        name="allow_auto_assign"
        label={t.allowAutoAssign}
        hint={t.allowAutoAssignHint}
        value={isByTurns}
      />
    </Form>
  )
}
