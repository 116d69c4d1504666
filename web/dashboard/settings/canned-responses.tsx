import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { CannedResponse } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { agents } from '../data/directory.ts'
import { hear } from '../data/live.ts'
import { accountPath, isAdministrator, profile } from '../data/session.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { CannedForm } from './canned-form.tsx'
import { cannedWords as t } from './canned-strings.ts'
import { FetchStatus } from './fetch-status.tsx'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const title = strings.settingsPages['canned-responses']
const back = { to: '/settings/canned-responses', name: title }

/** The canned responses: all, one of them, or a new one. */
export function CannedResponses({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  return <One id={item} />
}

function All() {
  const search = useSignal('')
  const { found, more, trouble } = useList(search.value)
  const make = (
    <a class="button" href="/settings/canned-responses/new">
      {t.make}
    </a>
  )
  return (
    <Page title={title} lead={t.lead} action={make}>
      <section class="panel" aria-label={title}>
        <input
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          maxLength={100}
          value={search}
          onInput={({ currentTarget }) => {
            search.value = currentTarget.value
          }}
        />
        <div role="status">
          {found?.all.length === 0 && <p class="quiet">{search.value ? t.noneFound : t.none}</p>}
          {trouble !== undefined && <p class="trouble">{strings.complaint(trouble)}</p>}
        </div>
        <ul class="things">
          {found?.all.map(({ id, short_code, content, visibility, attachments }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/canned-responses/${id}`}>
                    <bdi>/{short_code}</bdi>
                  </a>
                </strong>
                <small class="quiet" dir="auto">
                  {content.length > 150 ? `${content.slice(0, 150)}…` : content}
                </small>
              </div>
              {attachments.length > 0 && <span class="mark">{t.files(attachments.length)}</span>}
              {visibility === 'mine' && <span class="mark">{t.mine}</span>}
            </li>
          ))}
        </ul>
        {found?.hasMore && (
          <div class="buttons">
            <button type="button" class="button-quiet" onClick={more}>
              {t.more}
            </button>
          </div>
        )}
      </section>
    </Page>
  )
}

// Milliseconds without a letter after which the server is asked.
const pause = 150

/** The first canned responses that contain a text, up to date by events; `more()` shows the next ones. A hook. */
function useList(search: string) {
  const found = useSignal<{ all: readonly CannedResponse[]; hasMore: boolean } | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const pages = useSignal({ search, count: 1 })
  const changes = useSignal(0)
  const count = pages.value.search === search ? pages.value.count : 1
  useEffect(() => {
    const again = () => {
      changes.value += 1
    }
    return hear({ cannedResponse: again, reset: again })
  }, [])
  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(
      async () => {
        try {
          found.value = await fetchPages(search, count, stop.signal)
          trouble.value = undefined
        } catch (error) {
          if (!stop.signal.aborted) trouble.value = (error as Error).message
        }
      },
      found.value ? pause : 0,
    )
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [search, count, changes.value])
  const more = () => {
    pages.value = { search, count: count + 1 }
  }
  return { found: found.value, trouble: trouble.value, more }
}

async function fetchPages(search: string, count: number, signal: AbortSignal) {
  type Found = { payload: CannedResponse[]; meta: { has_more: boolean } }
  const all: CannedResponse[] = []
  for (let page = 1; page <= count; page++) {
    const query = new URLSearchParams({ search, page: String(page) })
    const { payload, meta } = await call<Found>(`${accountPath()}/canned_responses?${query}`, {
      signals: [signal],
    })
    all.push(...payload)
    if (!meta.has_more) return { all, hasMore: false }
  }
  return { all, hasMore: true }
}

function New() {
  const work = async (body: FormData) => {
    await call(`${accountPath()}/canned_responses`, { method: 'POST', body })
    go(back.to, { replace: true })
    return undefined
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <CannedForm action={t.make} work={work} mayHide />
      </Section>
    </Page>
  )
}

function One({ id }: { id: string }) {
  const path = `${accountPath()}/canned_responses/${encodeURIComponent(id)}`
  const fetched = useFetch<CannedResponse>(path)
  const response = fetched.value.value
  if (!response) {
    return (
      <Page title={strings.loading} back={back}>
        <FetchStatus fetched={fetched} />
      </Page>
    )
  }
  const { short_code, author_id, content } = response
  const isAuthor = author_id === profile.value?.id
  if (!isAuthor && !isAdministrator.value) {
    const author = agents.value.find((agent) => agent.id === author_id)?.name ?? ''
    return (
      <Page title={`/${short_code}`} lead={t.readOnly(author)} back={back}>
        <Section title={t.content}>
          <p class="canned-content" dir="auto">
            {content}
          </p>
        </Section>
      </Page>
    )
  }
  const work = async (body: FormData) => {
    const saved = await call<CannedResponse>(path, { method: 'PATCH', body })
    fetched.value.value = saved
    return saved
  }
  return (
    <Page title={`/${short_code}`} back={back}>
      <Section title={t.settings}>
        <CannedForm response={response} action={words.save} work={work} mayHide={isAuthor} />
      </Section>
      <RemoveSection texts={t} name={short_code} path={path} to={back.to} />
    </Page>
  )
}
