import type { strings } from './strings.ts'

interface SettingsPage {
  /** Its name in the URL: `/settings/profile`. */
  name: keyof typeof strings.settingsPages
  isForAdministrators: boolean
}

/** The pages of the settings, in their order. */
export const settingsPages = [
  { name: 'profile', isForAdministrators: false },
  { name: 'notifications', isForAdministrators: false },
  { name: 'tokens', isForAdministrators: false },
  { name: 'inboxes', isForAdministrators: true },
  { name: 'agents', isForAdministrators: true },
  { name: 'teams', isForAdministrators: true },
  { name: 'labels', isForAdministrators: true },
  { name: 'webhooks', isForAdministrators: true },
] as const satisfies SettingsPage[]
