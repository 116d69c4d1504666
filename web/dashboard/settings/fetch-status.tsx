import { strings } from '../strings.ts'
import type { FetchState } from './use-fetch.ts'

/** Shown until the data has arrived: that it is loading, or why it could not be loaded. */
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
