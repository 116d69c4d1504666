import { strings } from '../strings.ts'
import type { FetchState } from './use-fetch.ts'

/** What stands in the place of what is not there yet, or could not be fetched. */
export function FetchStatus({ fetched: { trouble, reload } }: { fetched: FetchState<unknown> }) {
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
