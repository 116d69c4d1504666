import type { Signal } from '@preact/signals'
import type { At } from './at.ts'

/** What the composer and the popover, which is loaded later, know of each other. */
export interface AtState {
  at: Signal<At | undefined>
  /** The id of the chosen option. */
  active: Signal<string | undefined>
  /** Handles a key. Returns whether the composer should do nothing with it. */
  onKey?: ((event: KeyboardEvent) => boolean) | undefined
}
