import { useEffect, useRef } from 'preact/hooks'
import { Dialog } from '../../shared/dialog.tsx'
import { abandonPage } from '../parts/sign-out.ts'
import { strings } from '../strings.ts'
import { SignIn } from './sign-in.tsx'

const t = strings.signIn

/** Asks the user whose session has ended to sign in, over their page, which is hidden meanwhile. */
export function SignInAgain({ email }: { email: string }) {
  // Before the browser takes the focus from what is hidden.
  const focused = useRef(document.activeElement)
  useEffect(() => {
    const { current } = focused
    return () => {
      // After the page is shown again: what is hidden cannot have the focus.
      queueMicrotask(() => current instanceof HTMLElement && current.focus())
    }
  }, [])
  return (
    <Dialog class="again" label={t.againTitle} isRequired>
      <SignIn email={email} title={t.againTitle} lead={t.againLead}>
        <button type="button" class="button-link" onClick={() => void abandonPage()}>
          {t.discard}
        </button>
      </SignIn>
    </Dialog>
  )
}
