import { useEffect } from 'preact/hooks'
import { hasNetwork } from './data/network.ts'
import { account, followSession, loadProfile, profile, trouble } from './data/session.ts'
import { isSessionOver } from './data/session-end.ts'
import { Link } from './pages/link.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { SignInAgain } from './pages/sign-in-again.tsx'
import { SignedIn } from './pages/signed-in.tsx'
import { followLinks, path } from './router.ts'
import { strings } from './strings.ts'

/** The whole dashboard. */
export function App() {
  useEffect(() => {
    document.addEventListener('click', followLinks)
    const unfollow = followSession()
    void loadProfile()
    const reload = () => trouble.value !== undefined && void loadProfile()
    addEventListener('online', reload)
    return () => {
      unfollow()
      document.removeEventListener('click', followLinks)
      removeEventListener('online', reload)
    }
  }, [])
  if (/^\/(?:invitation|password|email)$/.test(path.value)) {
    return (
      <main class="auth">
        <Link kind={path.value.slice(1) as 'invitation'} />
      </main>
    )
  }
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
  if (profile.value === null) {
    return (
      <main class="auth">
        <SignIn />
      </main>
    )
  }
  return (
    <>
      {/* Another account starts with fresh components. */}
      <SignedIn key={`${profile.value.id} ${account.value?.id}`} />
      {isSessionOver.value && <SignInAgain email={profile.value.email} />}
    </>
  )
}
