import { computed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { followAssignable } from '../data/assignable.ts'
import { switchBusy } from '../data/availability.ts'
import { complaint } from '../data/changes.ts'
import { followConversations, forgetConversations } from '../data/conversations.ts'
import { followDirectory, loadDirectory } from '../data/directory.ts'
import { searchOf } from '../data/filter.ts'
import { followFirstSteps } from '../data/first-steps.ts'
import { followList } from '../data/list.ts'
import { followWaking, isConnected, startHearing } from '../data/live.ts'
import { followMacros } from '../data/macros.ts'
import { followOutbox } from '../data/outbox.ts'
import { followSelection } from '../data/selection.ts'
import { account, accountPath, chooseAccount, loadProfile, profile } from '../data/session.ts'
import { isSessionOver } from '../data/session-end.ts'
import { followThreads, forgetThreads } from '../data/thread.ts'
import { followTyping } from '../data/typing.ts'
import { followViewers } from '../data/viewers.ts'
import { Icon, type IconName } from '../icons.tsx'
import { followNotifications } from '../notifications/notify.ts'
import { Help } from '../palette/help.tsx'
import { Palette } from '../palette/palette.tsx'
import { Bell } from '../parts/bell.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { followKeys, keyText, useKeys } from '../parts/keys.ts'
import { late } from '../parts/late.tsx'
import { Lazy } from '../parts/lazy.tsx'
import { type MailPurpose, mailPurpose } from '../parts/mail-purpose.ts'
import { openOverlay, overlay } from '../parts/overlay.tsx'
import { UndoBar } from '../parts/undo-bar.tsx'
import { UserButton, UserMenu } from '../parts/user-menu.tsx'
import {
  isCompanies,
  isContacts,
  isPage,
  openCompany,
  openContact,
  openConversation,
  path,
} from '../router.ts'
import { strings } from '../strings.ts'
import { NotFound } from './not-found.tsx'
import { Workspace } from './workspace.tsx'

const t = strings.nav
const isSettings = computed(() => /^\/settings(?:\/|$)/.test(path.value))
const MailDialog = late(
  () => import('../mail/dialog.tsx').then((part) => part.MailDialog),
  (_props: { purpose: MailPurpose }) => null,
)
const loadSettings = () => import('../settings/settings.tsx').then(({ Settings }) => Settings)

const loadPeople = () => import('../contacts/people.tsx').then(({ People }) => People)

/** The frame of all pages after signing in: navigation, banners, and the event stream. */
export function SignedIn() {
  useEffect(() => {
    // Conversations first: the list reads them.
    const stops = [
      followConversations(),
      followThreads(),
      followList(),
      followSelection(),
      followFirstSteps(),
      followDirectory(),
      followAssignable(),
      followTyping(),
      followViewers(),
      followMacros(),
    ]
    stops.push(followNotifications(), followOutbox(), followKeys(), followWaking())
    stops.push(startHearing(accountPath(), loadProfile))
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
    // What is written in it stays, and nobody reads it until the user is back.
    <div class="frame" inert={isSessionOver.value}>
      <Skip />
      <Rail />
      <div class="stage">
        <Banners />
        <Shown />
      </div>
      {overlay.value?.name === 'palette' && <Palette key={overlay.value.opening} />}
      {overlay.value?.name === 'help' && <Help key={overlay.value.opening} />}
      <ConfirmDialog />
      {mailPurpose.value && <MailDialog purpose={mailPurpose.value} />}
      <UndoBar />
      {overlay.value?.name === 'user-menu' && <UserMenu key={overlay.value.opening} />}
    </div>
  )
}

/** The page that the address names. */
function Shown() {
  if (!isPage.value) return <NotFound />
  if (isContacts.value || isCompanies.value) return <Lazy key="people" load={loadPeople} />
  return isSettings.value ? <Lazy key="settings" load={loadSettings} /> : <Workspace />
}

function Skip() {
  const isThread = openConversation.value !== undefined
  const isItem = openContact.value !== undefined || openCompany.value !== undefined
  const [target, text] =
    isSettings.value || !isPage.value || isItem
      ? ['#page', t.skipToPage]
      : isContacts.value
        ? ['#contacts', t.skipToContacts]
        : isCompanies.value
          ? ['#companies', t.companies]
          : isThread
            ? ['#messages', t.skip]
            : ['#conversations', t.skipToList]
  return (
    <a class="skip" href={target} data-outside>
      {text}
    </a>
  )
}

function Rail() {
  const { accounts } = profile.value!
  const isPeople = isContacts.value || isCompanies.value
  return (
    <nav class="rail" aria-label={t.label}>
      <RailLink
        to={`/${searchOf({})}`}
        icon="chat"
        name={t.conversations}
        isHere={isPage.value && !isSettings.value && !isPeople}
      />
      <RailLink to="/contacts" icon="people" name={t.contacts} isHere={isPeople && isPage.value} />
      <RailLink to="/settings" icon="settings" name={t.settings} isHere={isSettings.value} />
      <RailButton
        icon="command"
        name={t.commands}
        hint={keyText('palette')}
        onClick={() => openOverlay('palette')}
      />
      <a
        class="rail-item not-narrow"
        href="/docs"
        target="_blank"
        rel="noopener"
        aria-label={t.newTab(t.api)}
        title={t.newTab(t.api)}
      >
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
      <Bell />
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
  icon: 'chat' | 'people' | 'settings'
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
