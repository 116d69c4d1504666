import { computed, signal } from '@preact/signals'
import type { Profile } from './api-types.ts'
import { call } from './call.ts'
import { followLanguage } from './chosen-language.ts'
import { readStored, store, whenStoredElsewhere } from './local-storage.ts'
import { isSessionOver, renewSession, whenSessionEnds } from './session-end.ts'

/** The user who has signed in; null if nobody has, undefined until that is known. */
export const profile = signal<Profile | null | undefined>(undefined)
/** Why the server could not be asked. */
export const trouble = signal<string | undefined>(undefined)

const chosen = signal(readStored<number>('account'))

/** The current account. */
export const account = computed(() => {
  const accounts = profile.value?.accounts ?? []
  return accounts.find(({ id }) => id === chosen.value) ?? accounts[0]
})
export const isAdministrator = computed(() => account.value?.role === 'administrator')

/** The path of the account in the API. */
export function accountPath(): string {
  return `/api/v1/accounts/${account.value?.id ?? 0}`
}

// Milliseconds until the server is asked again.
const retryPause = 3000
let retry: ReturnType<typeof setTimeout> | undefined

/**
 * Loads the profile of the user, and tries again until the server responds. A page that is in use stays in its language:
 * another one would load it again.
 */
export async function loadProfile(): Promise<void> {
  clearTimeout(retry)
  try {
    const loaded = await call<Profile>('/api/v1/profile')
    if (!profile.value && followLanguage(loaded.ui_settings.locale)) return
    profile.value = loaded
    trouble.value = undefined
  } catch (error) {
    if (profile.value !== undefined) return
    trouble.value = (error as Error).message
    retry = setTimeout(() => void loadProfile(), retryPause)
  }
}

/**
 * Signs in. If the session of a user has ended, the same user goes on with the page as it is. Throws CallError if the
 * password is wrong.
 */
export async function signIn(email: string, password: string): Promise<void> {
  const loaded = await call<Profile>('/auth/sign_in', { method: 'POST', body: { email, password } })
  tellOtherWindows(loaded.id)
  if (!isSessionOver.value) {
    if (!followLanguage(loaded.ui_settings.locale)) profile.value = loaded
  } else if (loaded.id === profile.value?.id) {
    // Not in another language: that would load the page again.
    profile.value = loaded
    renewSession()
  } else startAfresh()
}

/** Throws CallError if the server cannot be reached: the session would stay valid. */
export async function signOut(): Promise<void> {
  await call('/auth/sign_out', { method: 'POST' })
  tellOtherWindows(null)
  profile.value = null
}

/** Leaves nothing of a user's page, neither in the document nor in the memory of its modules. */
export function startAfresh(): void {
  profile.value = null
  // Instead of the page, so that "Back" does not lead to it.
  location.replace('/')
}

// The time makes each value a new one: the browser reports changes only.
function tellOtherWindows(user: number | null): void {
  store('session', { user, at: Date.now() })
}

/** Follows who signs in and out in other windows of this browser: they share the session. */
export function followSession(): () => void {
  return whenStoredElsewhere('session', () => {
    const session = readStored<{ user: number | null }>('session')
    if (!session || !profile.value) return
    if (session.user !== profile.value.id) startAfresh()
    else if (isSessionOver.value) renewSession()
  })
}

export function chooseAccount(id: number): void {
  store('account', id)
  chosen.value = id
}

whenSessionEnds(() => {
  if (profile.value) return true
  trouble.value = undefined
  profile.value = null
  return false
})
