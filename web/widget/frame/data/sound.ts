import { signal } from '@preact/signals'
import { keep, read } from './visitor-storage.ts'

/** Whether new messages make a sound; off until the visitor enables it. */
export const hasSound = signal(read('sound') === true)

export function setSound(on: boolean): void {
  hasSound.value = on
  keep('sound', on || undefined)
  play()
}

/** Plays a sound if the visitor has turned it on. */
export function play(): void {
  if (hasSound.value) import('../../../shared/chime.ts').then(({ chime }) => chime()).catch(() => {})
}
