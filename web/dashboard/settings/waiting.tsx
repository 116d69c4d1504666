import { strings } from '../strings.ts'
import type { Fetched } from './fetched.ts'

/** What stands in the place of what is not there yet, or could not be fetched. */
export function Waiting({ fetched: { trouble, reload } }: { fetched: Fetched<unknown> }) {
  if (trouble.value === undefined) return <p class="quiet">{strings.loading}</p>
  return (
    <p role="alert">
      {strings.complaint(trouble.value)}{' '}
      <button type="button" class="button-link" onClick={() => void reload()}>
        {strings.retry}
      </button>
    </p>
  )
}
