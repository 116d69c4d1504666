/** Plays two soft tones. The browser decides whether they are heard before the first gesture of the user. */
export function chime(): void {
  try {
    const context = new AudioContext()
    const volume = context.createGain()
    volume.connect(context.destination)
    // The clock of a new context begins at 0.
    volume.gain.setValueAtTime(0.12, 0)
    volume.gain.exponentialRampToValueAtTime(0.001, 0.5)
    for (const [index, frequency] of [660, 880].entries()) {
      const tone = context.createOscillator()
      tone.frequency.value = frequency
      tone.connect(volume)
      tone.start(index * 0.12)
      tone.stop(0.5)
    }
    setTimeout(() => void context.close(), 1000)
  } catch {
    // The sound is optional.
  }
}
