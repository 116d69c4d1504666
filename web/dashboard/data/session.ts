import { computed, signal } from '@preact/signals'
import { call, whenSignedOut } from './call.ts'
import { keep, readKept } from './kept.ts'
import type { Profile } from './shapes.ts'

/** Who has signed in; null where nobody has, undefined until that is known. */
export const profile = signal<Profile | null | undefined>(undefined)
/** Why it is not known yet, where the server could not be asked. */
export const trouble = signal<string | undefined>(undefined)

const chosen = signal(readKept<number>('account'))

/** The account that is looked at. */
export const account = computed(() => {
  const accounts = profile.value?.accounts ?? []
  return accounts.find(({ id }) => id === chosen.value) ?? accounts[0]
})
export const isAdministrator = computed(() => account.value?.role === 'administrator')

/** The path of the account in the API. */
export function accountPath(): string {
  return `/api/v1/accounts/${account.value?.id ?? 0}`
}

// Milliseconds until the server is asked again where it could not be.
const retryPause = 3000
let retry: ReturnType<typeof setTimeout> | undefined

/** Asks the server who has signed in, until it answers. */
export async function loadProfile(): Promise<void> {
  clearTimeout(retry)
  try {
    profile.value = await call<Profile>('/api/v1/profile')
    trouble.value = undefined
  } catch (error) {
    if (profile.value !== undefined) return
    trouble.value = (error as Error).message
    retry = setTimeout(() => void loadProfile(), retryPause)
  }
}

/** Throws CallError where the password is wrong. */
export async function signIn(email: string, password: string): Promise<void> {
  profile.value = await call<Profile>('/auth/sign_in', { method: 'POST', body: { email, password } })
}

/** Throws CallError where the server cannot be told: the session would go on. */
export async function signOut(): Promise<void> {
  await call('/auth/sign_out', { method: 'POST' })
  profile.value = null
}

export function chooseAccount(id: number): void {
  keep('account', id)
  chosen.value = id
}

whenSignedOut(() => {
  trouble.value = undefined
  profile.value = null
})
