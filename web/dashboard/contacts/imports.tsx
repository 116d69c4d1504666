import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ContactImport } from '../data/api-types.ts'
import { Section } from '../settings/page.tsx'
import { shortTime } from '../times.ts'
import { followImports, importPath, imports, isRunning, stopImport } from './import-state.ts'
import { contactWords as t } from './strings.ts'

/** The latest imports of the account. They go on without this page. */
export function Imports() {
  useEffect(followImports, [])
  if (imports.value.length === 0) return null
  return (
    <Section title={t.imports} lead={t.importsLead}>
      <ul class="imports">
        {imports.value.map((one) => (
          <Import key={one.id} shown={one} />
        ))}
      </ul>
    </Section>
  )
}

function Import({ shown }: { shown: ContactImport }) {
  const trouble = useSignal<string | undefined>(undefined)
  const { id, file_name, dry_run, error, created_at, read_bytes, total_bytes, refused } = shown
  const { stored_count, known_count, refused_count } = shown
  const stop = async () => {
    trouble.value = undefined
    await stopImport(id).catch((reason) => {
      trouble.value = (reason as Error).message
    })
  }
  const message = trouble.value ?? error
  return (
    <li>
      <p class="import-head">
        <strong>
          <bdi>{file_name}</bdi>
        </strong>
        <span class="mark">{t.importStates[shown.status]}</span>
        <time class="quiet">{shortTime(created_at)}</time>
      </p>
      {isRunning(shown) && <progress aria-label={file_name} max={total_bytes} value={read_bytes} />}
      <p role="status">
        {dry_run
          ? t.importChecked(stored_count, known_count, refused_count)
          : t.imported(stored_count, known_count, refused_count)}
      </p>
      {message && (
        <p class="trouble" role="alert">
          {message}
        </p>
      )}
      {shown.status === 'stopped' && !dry_run && <p class="quiet">{t.importAgain}</p>}
      {refused.length > 0 && (
        <ul class="import-faults">
          {refused.map(({ line, error: reason }) => (
            <li key={line}>{t.importFault(line, reason)}</li>
          ))}
        </ul>
      )}
      <div class="buttons">
        {isRunning(shown) && (
          <button type="button" class="button-quiet button-small" onClick={() => void stop()}>
            {t.importStop}
          </button>
        )}
        {refused_count > 0 && (
          <a
            class="button-quiet button-small"
            href={`${importPath(id)}/refused`}
            download="refused-contacts.csv"
          >
            {t.importSave}
          </a>
        )}
      </div>
    </li>
  )
}
