import { computed } from '@preact/signals'
import type { Availability, Profile } from './api-types.ts'
import { call } from './call.ts'
import { attempt } from './changes.ts'
import { agents, statusOf } from './directory.ts'
import { isConnected } from './live.ts'
import { profile } from './session.ts'

export const availabilities = ['online', 'busy', 'offline'] as const

/** What the user has chosen. */
export const availability = computed((): Availability => {
  const own = profile.value!
  return agents.value.find(({ id }) => id === own.id)?.availability ?? own.availability
})

/** The status of the user, as the others see it. */
export const status = computed(() => (isConnected.value ? statusOf(profile.value!.id) : 'offline'))

let changing: Promise<unknown> = Promise.resolve()

/** Chooses an availability, in all accounts of the user. */
export function chooseAvailability(chosen: Availability): void {
  // One after another: otherwise the first of two quick choices could win.
  changing = changing.then(() =>
    attempt(async () => {
      const changed = await call<Profile>('/api/v1/profile', {
        method: 'PATCH',
        body: { availability: chosen },
      })
      profile.value = changed
      agents.value = agents.value.map((agent) =>
        agent.id === changed.id ? { ...agent, availability: chosen } : agent,
      )
    }),
  )
}

/** Switches to busy, and back to online. */
export function switchBusy(): void {
  chooseAvailability(availability.value === 'online' ? 'busy' : 'online')
}
