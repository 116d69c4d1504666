import type { FunctionComponent } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import './style/settings.css'
import './style/forms.css'
import { complaint } from '../data/changes.ts'
import { loadDirectory } from '../data/directory.ts'
import { hear } from '../data/live.ts'
import { account, isAdministrator, loadProfile } from '../data/session.ts'
import { go, openSettings, path } from '../router.ts'
import { settingsPages } from '../settings-pages.ts'
import { strings } from '../strings.ts'
import { Agents } from './agents.tsx'
import { Bots } from './bots.tsx'
import { CannedResponses } from './canned-responses.tsx'
import { CustomAttributes } from './custom-attributes.tsx'
import { Inboxes } from './inboxes.tsx'
import { Labels } from './labels.tsx'
import { Macros } from './macros.tsx'
import { Notifications } from './notifications.tsx'
import { Page } from './page.tsx'
import { Profile } from './profile.tsx'
import { words } from './strings.ts'
import { Teams } from './teams.tsx'
import { Tokens } from './tokens.tsx'
import { Views } from './views.tsx'
import { Webhooks } from './webhooks.tsx'

const shows: Record<keyof typeof words.nav.pages, FunctionComponent<{ item: string | undefined }>> = {
  profile: Profile,
  notifications: Notifications,
  tokens: Tokens,
  'canned-responses': CannedResponses,
  views: Views,
  macros: Macros,
  inboxes: Inboxes,
  agents: Agents,
  teams: Teams,
  labels: Labels,
  'custom-attributes': CustomAttributes,
  bots: Bots,
  webhooks: Webhooks,
}

/** The settings; each page has its own URL. */
export function Settings() {
  const { page, item } = openSettings.value
  useEffect(() => {
    if (page === '') go('/settings/profile', { replace: true })
    complaint.value = undefined
  }, [page, item])
  useEffect(() => {
    // Events keep it up to date, but it may not have been loaded at all.
    void loadDirectory().catch(() => {})
    // The role of the user may have changed.
    return hear({ setting: () => void loadProfile() })
  }, [])
  return (
    <div class="settings">
      <SettingsNav current={page} />
      <main class="page" id="page" tabIndex={-1}>
        <Shown page={page} item={item} />
      </main>
    </div>
  )
}

function Shown({ page, item }: { page: string; item: string | undefined }) {
  const settingsPage = settingsPages.find(({ name }) => name === page)
  if (page === '') return null
  if (!settingsPage) {
    return (
      <Page title={strings.notFound} lead={strings.notFoundLead(path.value)}>
        {null}
      </Page>
    )
  }
  if (settingsPage.isForAdministrators && !isAdministrator.value) {
    return (
      <Page title={words.nav.pages[settingsPage.name]}>
        <p>{words.nav.administratorsOnly}</p>
      </Page>
    )
  }
  const Show = shows[settingsPage.name]
  return <Show key={`${page}/${item}`} item={item} />
}

function SettingsNav({ current }: { current: string }) {
  const nav = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    // In a narrow window the links are a row that scrolls.
    nav.current!.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  const shown = settingsPages.filter(
    ({ isForAdministrators }) => !isForAdministrators || isAdministrator.value,
  )
  const groups = [
    { title: words.nav.you, shown: shown.filter(({ isOfAccount }) => !isOfAccount) },
    {
      title: account.value?.name ?? '',
      shown: shown.filter(({ isOfAccount }) => isOfAccount),
    },
  ]
  return (
    <nav class="settings-nav" ref={nav} aria-label={strings.nav.settings}>
      {groups.map(
        (group) =>
          group.shown.length > 0 && (
            <div key={group.title} class="settings-group">
              <h2 title={group.title}>
                <bdi>{group.title}</bdi>
              </h2>
              <ul>
                {group.shown.map(({ name }) => (
                  <li key={name}>
                    <a href={`/settings/${name}`} aria-current={name === current ? 'page' : undefined}>
                      {words.nav.pages[name]}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </nav>
  )
}
