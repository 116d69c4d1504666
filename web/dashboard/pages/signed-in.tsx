import { computed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { complaint } from '../data/changes.ts'
import { followConversations, forgetConversations } from '../data/conversations.ts'
import { followDirectory, loadDirectory } from '../data/directory.ts'
import { forgetDrafts } from '../data/drafts.ts'
import { followList } from '../data/list.ts'
import { isConnected, startHearing } from '../data/live.ts'
import { discard, followOutbox, outbox } from '../data/outbox.ts'
import { account, accountPath, chooseAccount, loadProfile, profile, signOut } from '../data/session.ts'
import { followThreads, forgetThreads } from '../data/thread.ts'
import { followTyping } from '../data/typing.ts'
import { Icon } from '../icons.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Later } from '../parts/later.tsx'
import { path } from '../router.ts'
import { strings } from '../strings.ts'
import { Workspace } from './workspace.tsx'

const t = strings.nav
const isSettings = computed(() => /^\/settings(?:\/|$)/.test(path.value))
const loadSettings = () => import('../settings/settings.tsx').then(({ Settings }) => Settings)

/** The frame around everything that an account shows: navigation, banners, and the stream of what happens. */
export function SignedIn() {
  useEffect(() => {
    // Conversations before the list, which reads them.
    const stops = [followConversations(), followThreads(), followList(), followDirectory(), followTyping()]
    stops.push(followOutbox())
    stops.push(startHearing(accountPath(), () => void loadProfile()))
    void loadDirectory().catch(() => {})
    return () => {
      for (const stop of stops) stop()
      forgetConversations()
      forgetThreads()
    }
  }, [])
  return (
    <div class="frame">
      <a class="skip" href={isSettings.value ? '#page' : '#messages'} data-outside>
        {isSettings.value ? t.skipToPage : t.skip}
      </a>
      <Rail />
      <div class="stage">
        <Banners />
        {isSettings.value ? <Later load={loadSettings} /> : <Workspace />}
      </div>
    </div>
  )
}

function Rail() {
  const { name, accounts } = profile.value!
  return (
    <nav class="rail" aria-label={t.label}>
      <RailLink to="/" icon="chat" name={t.conversations} isHere={!isSettings.value} />
      <RailLink to="/settings" icon="settings" name={t.settings} isHere={isSettings.value} />
      <a class="rail-item" href="/docs" data-outside title={t.api}>
        <Icon name="code" />
        <span class="rail-name">{t.api}</span>
      </a>
      <span class="rail-gap" />
      {accounts.length > 1 && (
        <select
          class="rail-account"
          aria-label={t.account}
          value={account.value!.id}
          onChange={({ currentTarget }) => chooseAccount(Number(currentTarget.value))}
        >
          {accounts.map(({ id, name: title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
      <button type="button" class="rail-item" title={t.signOut} onClick={leave}>
        <Icon name="leave" />
        <span class="rail-name">{t.signOut}</span>
      </button>
      <span class="rail-you" title={t.you(name)}>
        <Avatar name={name} size="s" isOnline={isConnected.value === true} />
        <span class="unseen">{t.you(name)}</span>
      </span>
    </nav>
  )
}

function RailLink({
  to,
  icon,
  name,
  isHere,
}: {
  to: string
  icon: 'chat' | 'settings'
  name: string
  isHere: boolean
}) {
  return (
    <a class="rail-item" href={to} aria-current={isHere ? 'page' : undefined} title={name}>
      <Icon name={icon} />
      <span class="rail-name">{name}</span>
    </a>
  )
}

async function leave(): Promise<void> {
  if (outbox.value.length > 0 && !confirm(t.unsent)) return
  const unsent = outbox.value
  forgetDrafts()
  try {
    await signOut()
    for (const entry of unsent) discard(entry)
  } catch (error) {
    complaint.value = (error as Error).message
  }
}

function Banners() {
  return (
    <div class="banners">
      <div role="status">
        {isConnected.value === false && <p class="banner banner-offline">{strings.offline}</p>}
      </div>
      <div role="alert">
        {complaint.value !== undefined && (
          <p class="banner banner-complaint">
            {strings.complaint(complaint.value)}
            <IconButton
              icon="close"
              name={strings.close}
              onClick={() => {
                complaint.value = undefined
              }}
            />
          </p>
        )}
      </div>
    </div>
  )
}
