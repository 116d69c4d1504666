import { useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { availabilities, availability, chooseAvailability, status } from '../data/availability.ts'
import { theme, themes } from '../data/preferences.ts'
import { profile } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { Avatar } from './avatar.tsx'
import { keyText } from './keys.ts'
import { closeOverlay, Overlay, openOverlay } from './overlay.tsx'
import { confirmSignOut } from './sign-out.ts'

const t = strings.nav
const { names, hints } = strings.availability

/** The user's avatar and status in the rail, which opens the menu. */
export function UserButton() {
  const { id, name } = profile.value!
  return (
    <>
      <button
        type="button"
        class="rail-item rail-user"
        aria-haspopup="dialog"
        title={name}
        onClick={() => openOverlay('user-menu')}
      >
        <Avatar name={name} id={id} size="s" status={status.value} />
        <span class="rail-name">
          <span class="unseen">{name}, </span>
          {names[status.value]}
        </span>
      </button>
      <Announcement />
    </>
  )
}

/** Tells screen readers that the availability has changed; a key does that without moving the focus. */
function Announcement() {
  const text = useRef<HTMLSpanElement>(null)
  const last = useRef(availability.peek())
  useSignalEffect(() => {
    const { value } = availability
    if (value !== last.current) text.current!.textContent = strings.availability.isNow(names[value])
    last.current = value
  })
  return <span ref={text} class="unseen" role="status" />
}

/** Who is signed in, their availability, the theme, and the ways to the profile, the shortcuts and out. */
export function UserMenu() {
  const { id, name, email } = profile.value!
  const leaveTo = (act: () => void) => () => {
    closeOverlay()
    act()
  }
  return (
    <Overlay name="user-menu" label={name}>
      <header class="user-menu-head">
        <Avatar name={name} id={id} status={status.value} />
        <div>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <small class="quiet">
            <bdi>{email}</bdi>
          </small>
        </div>
      </header>
      <fieldset class="user-menu-part" aria-label={strings.availability.title}>
        {availabilities.map((one) => (
          <button
            key={one}
            type="button"
            class="user-menu-item"
            aria-pressed={availability.value === one}
            onClick={() => chooseAvailability(one)}
          >
            <span class="user-menu-dot" data-status={one} />
            <span>
              {names[one]}
              <small class="quiet">{hints[one]}</small>
            </span>
            {availability.value === one && <Icon name="check" />}
          </button>
        ))}
        <p class="user-menu-key quiet">
          {strings.keys.busy} <kbd>{keyText('busy')}</kbd>
        </p>
      </fieldset>
      <fieldset class="user-menu-part user-menu-themes" aria-label={t.theme}>
        {themes.map((one) => (
          <button
            key={one}
            type="button"
            class="button-quiet button-small"
            aria-pressed={theme.value === one}
            onClick={() => {
              theme.value = one
            }}
          >
            {t.themes[one]}
          </button>
        ))}
      </fieldset>
      <div class="user-menu-part">
        <button type="button" class="user-menu-item" onClick={leaveTo(() => go('/settings/profile'))}>
          <Icon name="person" /> {t.profile}
        </button>
        <button type="button" class="user-menu-item" onClick={leaveTo(() => openOverlay('help'))}>
          <Icon name="help" /> {strings.help.title}
        </button>
      </div>
      <div class="user-menu-part">
        <button type="button" class="user-menu-item" onClick={leaveTo(() => void confirmSignOut())}>
          <Icon name="leave" /> {t.signOut}
        </button>
      </div>
    </Overlay>
  )
}
