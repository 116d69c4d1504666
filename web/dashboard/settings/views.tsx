import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import './style/views.css'
import type { View as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { agents, isDirectoryKnown, loadDirectory, views } from '../data/directory.ts'
import { accountPath, isAdministrator, profile } from '../data/session.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { words } from './strings.ts'
import { ViewForm } from './view-form.tsx'
import { viewWords as t } from './view-strings.ts'

const title = strings.settingsPages.views
const back = { to: '/settings/views', name: title }

/** The views: all, one of them, or a new one. */
export function Views({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  const view = views.value.find(({ id }) => String(id) === item)
  if (view) return <View view={view} />
  return (
    <Page title={isDirectoryKnown.value ? strings.notFound : strings.loading} back={back}>
      {null}
    </Page>
  )
}

function All() {
  const counts = useCounts()
  const make = (
    <a class="button" href="/settings/views/new">
      {t.make}
    </a>
  )
  return (
    <Page title={title} lead={t.lead} action={make}>
      <section class="panel" aria-label={title}>
        {isDirectoryKnown.value && views.value.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {views.value.map(({ id, name, visibility }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/views/${id}`}>
                    <bdi>{name}</bdi>
                  </a>
                </strong>
                <small class="quiet">{counts.get(id) ?? strings.loading}</small>
              </div>
              {visibility === 'mine' && <span class="mark">{t.mine}</span>}
              <a class="button-quiet button-small" href={`/?view=${id}`}>
                {t.open}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  )
}

/** How many conversations each view shows, in words, counted one after the other. A hook. */
function useCounts(): ReadonlyMap<number, string> {
  const counts = useSignal<ReadonlyMap<number, string>>(new Map())
  useEffect(() => {
    const stop = new AbortController()
    void (async () => {
      for (const { id } of views.value) {
        const path = `${accountPath()}/views/${id}/count`
        const found = await call<{ count: number; count_capped: boolean }>(path, { signals: [stop.signal] })
        const text = found.count_capped ? t.countOver(found.count) : t.count(found.count)
        counts.value = new Map(counts.value).set(id, text)
      }
    })().catch(() => {})
    return () => stop.abort()
  }, [views.value])
  return counts.value
}

function New() {
  const work = async (body: object) => {
    await call(`${accountPath()}/views`, { method: 'POST', body })
    await loadDirectory()
    go(back.to, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <ViewForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}

function View({ view }: { view: Shape }) {
  const { id, name, author_id } = view
  const path = `${accountPath()}/views/${id}`
  const open = (
    <a class="button-quiet" href={`/?view=${id}`}>
      {t.open}
    </a>
  )
  if (author_id !== profile.value?.id && !isAdministrator.value) {
    const author = agents.value.find((agent) => agent.id === author_id)?.name ?? ''
    return (
      <Page title={name} lead={t.readOnly(author)} back={back} action={open}>
        {null}
      </Page>
    )
  }
  const work = async (body: object) => {
    await call(path, { method: 'PATCH', body })
    await loadDirectory()
  }
  return (
    <Page title={name} back={back} action={open}>
      <Section title={t.settings}>
        <ViewForm view={view} action={words.save} work={work} />
      </Section>
      <RemoveSection texts={t} name={name} path={path} to={back.to} reload={loadDirectory} />
    </Page>
  )
}
