import type { Signal } from '@preact/signals'
import { strings } from '../strings.ts'

/** The choice of what Enter does. */
export function EnterSends({ enterSends }: { enterSends: Signal<boolean> }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={enterSends}
        onChange={({ currentTarget }) => {
          enterSends.value = currentTarget.checked
        }}
      />
      {strings.composer.enterSends}
    </label>
  )
}
