import type { strings } from './strings.ts'

interface SettingsPage {
  /** Its name in the URL: `/settings/profile`. */
  name: keyof typeof strings.settingsPages
  isForAdministrators: boolean
  /** Whether it is about the account, and not about the user. */
  isOfAccount: boolean
}

/** The pages of the settings, in their order. */
export const settingsPages: readonly SettingsPage[] = [
  { name: 'profile', isForAdministrators: false, isOfAccount: false },
  { name: 'notifications', isForAdministrators: false, isOfAccount: false },
  { name: 'tokens', isForAdministrators: false, isOfAccount: false },
  { name: 'canned-responses', isForAdministrators: false, isOfAccount: true },
  { name: 'views', isForAdministrators: false, isOfAccount: true },
  { name: 'macros', isForAdministrators: false, isOfAccount: true },
  { name: 'inboxes', isForAdministrators: true, isOfAccount: true },
  { name: 'agents', isForAdministrators: true, isOfAccount: true },
  { name: 'teams', isForAdministrators: true, isOfAccount: true },
  { name: 'labels', isForAdministrators: true, isOfAccount: true },
  { name: 'custom-attributes', isForAdministrators: true, isOfAccount: true },
  { name: 'bots', isForAdministrators: true, isOfAccount: true },
  { name: 'webhooks', isForAdministrators: true, isOfAccount: true },
]
