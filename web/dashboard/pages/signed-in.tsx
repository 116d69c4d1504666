import { computed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { switchBusy } from '../data/availability.ts'
import { complaint } from '../data/changes.ts'
import { followConversations, forgetConversations } from '../data/conversations.ts'
import { followDirectory, loadDirectory } from '../data/directory.ts'
import { followEmptyAccount } from '../data/is-empty-account.ts'
import { followList } from '../data/list.ts'
import { isConnected, startHearing } from '../data/live.ts'
import { followOutbox } from '../data/outbox.ts'
import { account, accountPath, chooseAccount, loadProfile, profile } from '../data/session.ts'
import { followThreads, forgetThreads } from '../data/thread.ts'
import { followTyping } from '../data/typing.ts'
import { Icon, type IconName } from '../icons.tsx'
import { Help } from '../palette/help.tsx'
import { Palette } from '../palette/palette.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { followKeys, keyText, useKeys } from '../parts/keys.ts'
import { Lazy } from '../parts/lazy.tsx'
import { openOverlay, overlay } from '../parts/overlay.tsx'
import { UserButton, UserMenu } from '../parts/user-menu.tsx'
import { path } from '../router.ts'
import { strings } from '../strings.ts'
import { Workspace } from './workspace.tsx'

const t = strings.nav
const isSettings = computed(() => /^\/settings(?:\/|$)/.test(path.value))
const loadSettings = () => import('../settings/settings.tsx').then(({ Settings }) => Settings)

/** The frame of all pages after signing in: navigation, banners, and the event stream. */
export function SignedIn() {
  useEffect(() => {
    // Conversations first: the list reads them.
    const stops = [
      followConversations(),
      followThreads(),
      followList(),
      followEmptyAccount(),
      followDirectory(),
      followTyping(),
    ]
    stops.push(followOutbox(), followKeys())
    stops.push(startHearing(accountPath(), () => void loadProfile()))
    void loadDirectory().catch(() => {})
    return () => {
      for (const stop of stops) stop()
      forgetConversations()
      forgetThreads()
    }
  }, [])
  useKeys({
    palette: () => openOverlay('palette'),
    help: () => openOverlay('help'),
    busy: switchBusy,
  })
  return (
    <div class="frame">
      <a class="skip" href={isSettings.value ? '#page' : '#messages'} data-outside>
        {isSettings.value ? t.skipToPage : t.skip}
      </a>
      <Rail />
      <div class="stage">
        <Banners />
        {isSettings.value ? <Lazy load={loadSettings} /> : <Workspace />}
      </div>
      {overlay.value?.name === 'palette' && <Palette key={overlay.value.opening} />}
      {overlay.value?.name === 'help' && <Help key={overlay.value.opening} />}
      {overlay.value?.name === 'user-menu' && <UserMenu key={overlay.value.opening} />}
    </div>
  )
}

function Rail() {
  const { accounts } = profile.value!
  return (
    <nav class="rail" aria-label={t.label}>
      <RailLink to="/" icon="chat" name={t.conversations} isHere={!isSettings.value} />
      <RailLink to="/settings" icon="settings" name={t.settings} isHere={isSettings.value} />
      <RailButton
        icon="command"
        name={t.commands}
        hint={keyText('palette')}
        onClick={() => openOverlay('palette')}
      />
      <a class="rail-item not-narrow" href="/docs" data-outside title={t.api}>
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
      <UserButton />
    </nav>
  )
}

interface RailButtonProps {
  icon: IconName
  name: string
  hint?: string
  onClick(): void
}

function RailButton({ icon, name, hint, onClick }: RailButtonProps) {
  return (
    <button type="button" class="rail-item" title={hint ? `${name} (${hint})` : name} onClick={onClick}>
      <Icon name={icon} />
      <span class="rail-name">{name}</span>
    </button>
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
