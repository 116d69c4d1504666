import { useEffect } from 'preact/hooks'
import { path } from '../router.ts'
import { strings } from '../strings.ts'

/** Shown if the dashboard has no page at the address. */
export function NotFound() {
  useEffect(() => {
    document.title = `${strings.notFound} · ${strings.productName}`
    return () => {
      document.title = strings.productName
    }
  }, [])
  return (
    <main class="not-found" id="page" tabIndex={-1}>
      <h1>{strings.notFound}</h1>
      <p class="quiet">
        <bdi>{strings.notFoundLead(path.value)}</bdi>
      </p>
      <a class="button" href="/">
        {strings.toConversations}
      </a>
    </main>
  )
}
