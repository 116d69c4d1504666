import { signal } from '@preact/signals'
import { keep, read } from './visitor-storage.ts'

/** Whether new messages make a sound; off until the visitor enables it. */
export const hasSound = signal(read('sound') === true)

export function setSound(on: boolean): void {
  hasSound.value = on
  keep('sound', on || undefined)
  if (on) play()
}

/** Plays two soft tones, if the visitor has turned sound on and the browser allows it. */
export function play(): void {
  if (!hasSound.value) return
  try {
    const context = new AudioContext()
    const volume = context.createGain()
    volume.connect(context.destination)
    const start = context.currentTime
    volume.gain.setValueAtTime(0.12, start)
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
    for (const [index, frequency] of [660, 880].entries()) {
      const tone = context.createOscillator()
      tone.frequency.value = frequency
      tone.connect(volume)
      tone.start(start + index * 0.12)
      tone.stop(start + 0.5)
    }
    setTimeout(() => void context.close(), 1000)
  } catch {
    // The sound is optional.
  }
}
