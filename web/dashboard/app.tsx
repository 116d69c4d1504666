import { useEffect } from 'preact/hooks'
import { hasNetwork } from './data/network.ts'
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
    const reload = () => trouble.value !== undefined && void loadProfile()
    addEventListener('online', reload)
    return () => {
      document.removeEventListener('click', followLinks)
      removeEventListener('online', reload)
    }
  }, [])
  if (path.value === '/invitation') return <Link kind="invitation" />
  if (path.value === '/password') return <Link kind="password" />
  if (path.value === '/email') return <Link kind="email" />
  if (trouble.value !== undefined) {
    return (
      <main class="auth">
        <h1>{strings.productName}</h1>
        <p role="alert">{hasNetwork.value ? strings.notReached : strings.noNetwork}</p>
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
