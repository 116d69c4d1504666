import { effect, signal } from '@preact/signals'
import { agents } from '../data/directory.ts'
import { preference } from '../data/preferences.ts'
import { profile } from '../data/session.ts'

/** Which conversations the user wants to be notified about. Each conversation belongs to at least one topic. */
export const topics = ['mine', 'unassigned', 'teams', 'others'] as const
export type Topic = (typeof topics)[number]

export interface NotificationPreferences {
  /** None turns notifications off. */
  topics: readonly Topic[]
  /** Also about private notes of colleagues. */
  hasNotes: boolean
  hasSound: boolean
  hasDesktop: boolean
  /** Whether desktop notifications show the text of the message. */
  showsText: boolean
}

/*
 * Stored in the browser, as the permission for desktop notifications is: the same person may want sound in one browser
 * and not in another.
 */
export const notificationPreferences = preference<NotificationPreferences>('notifications', {
  topics: ['mine', 'unassigned'],
  hasNotes: false,
  hasSound: true,
  hasDesktop: true,
  showsText: true,
})

const muteEnd = preference('muted-until', 0)

/** When muting ends, in milliseconds; undefined if notifications are not muted. */
export const mutedUntil = signal<number | undefined>(undefined)

const hour = 3_600_000
let timer: ReturnType<typeof setTimeout> | undefined
effect(() => {
  const end = muteEnd.value
  const left = end - Date.now()
  clearTimeout(timer)
  mutedUntil.value = left > 0 ? end : undefined
  if (left > 0) timer = setTimeout(unmute, left)
})

/** Mutes sound and desktop notifications for an hour, in all windows of this browser. */
export function mute(): void {
  muteEnd.value = Date.now() + hour
}

export function unmute(): void {
  muteEnd.value = 0
}

/** Whether sound and desktop notifications are off for now: muted, or the user is busy. */
export function isQuiet(): boolean {
  // The timer is late after the computer has slept.
  const isMuted = muteEnd.value > Date.now()
  // The list of agents is up to date in all windows; the profile only where it was changed.
  const me = agents.value.find(({ id }) => id === profile.value?.id)
  return isMuted || me?.availability === 'busy'
}
