import type { Signal } from '@preact/signals'
import { IconButton } from '../parts/icon-button.tsx'
import { strings } from '../strings.ts'

/** Says why files were not attached. */
export function Refusals({ refusals }: { refusals: Signal<readonly string[]> }) {
  return (
    <div role="alert">
      {refusals.value.length > 0 && (
        <div class="composer-trouble">
          <ul>
            {refusals.value.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <IconButton
            icon="close"
            name={strings.close}
            onClick={() => {
              refusals.value = []
            }}
          />
        </div>
      )}
    </div>
  )
}
