import { useEffect } from 'preact/hooks'
import { account, loadProfile, profile, trouble } from './data/session.ts'
import { Link } from './pages/link.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { SignedIn } from './pages/signed-in.tsx'
import { followLinks, path } from './router.ts'
import { strings } from './strings.ts'

/** The whole dashboard. */
export function App() {
  useEffect(() => {
    document.addEventListener('click', followLinks)
    void loadProfile()
    return () => document.removeEventListener('click', followLinks)
  }, [])
  if (path.value === '/invitation') return <Link kind="invitation" />
  if (path.value === '/password') return <Link kind="password" />
  if (trouble.value !== undefined) {
    return (
      <main class="auth">
        <p role="alert">{strings.notReached}</p>
        <button type="button" class="button" onClick={() => void loadProfile()}>
          {strings.retry}
        </button>
      </main>
    )
  }
  if (profile.value === undefined) return null
  if (profile.value === null) return <SignIn />
  // Another account starts with fresh components.
  return <SignedIn key={`${profile.value.id} ${account.value?.id}`} />
}
