import { signal } from '@preact/signals'
import { openOverlay } from '../parts/overlay.tsx'

/** The id of the macro that the dialog shows; without one, it shows a list. */
export const chosenMacro = signal<number | undefined>(undefined)

/** Opens the dialog that runs a macro. */
export function openMacro(id: number | undefined): void {
  chosenMacro.value = id
  openOverlay('macro')
}
