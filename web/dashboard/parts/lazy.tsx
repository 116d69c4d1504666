import { useSignal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { strings } from '../strings.ts'

/**
 * A part of the page that is loaded when it is first shown. If that fails, the whole page is reloaded: after an update
 * the server no longer has the old file.
 */
export function Lazy({ load }: { load(): Promise<FunctionComponent> }) {
  const found = useSignal<{ Part?: FunctionComponent; hasFailed?: boolean }>({})
  useEffect(() => {
    load().then(
      (Part) => {
        found.value = { Part }
      },
      () => {
        found.value = { hasFailed: true }
      },
    )
  }, [load])
  const { Part, hasFailed } = found.value
  if (Part) return <Part />
  if (!hasFailed) return <p class="empty">{strings.loading}</p>
  return (
    <p class="empty" role="alert">
      {strings.notReached}{' '}
      <button type="button" class="button-link" onClick={() => location.reload()}>
        {strings.retry}
      </button>
    </p>
  )
}
