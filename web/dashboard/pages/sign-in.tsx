import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { call } from '../data/call.ts'
import { signIn } from '../data/session.ts'
import { AuthForm, Field, Submit, useSubmit } from '../parts/auth-form.tsx'
import { strings } from '../strings.ts'

const t = strings.signIn

// The first start prints a link with the login, `/#email=...`. It is for one visit: it does not stay in the address.
const [, offered] = /^#email=([^&]{1,254})$/.exec(location.hash) ?? []
if (offered) history.replaceState(null, '', location.pathname + location.search)

function offeredEmail(): string {
  try {
    return decodeURIComponent(offered ?? '')
  } catch {
    return ''
  }
}

interface Props {
  /** The address that is filled in. */
  email?: string
  title?: string
  lead?: string
  /** What follows the form. */
  children?: ComponentChildren
}

/** The form to sign in, and the one for a forgotten password. */
export function SignIn({ email: known = offeredEmail(), ...texts }: Props) {
  const isForgotten = useSignal(false)
  const email = useSignal(known)
  const flip = () => {
    isForgotten.value = !isForgotten.value
  }
  return isForgotten.value ? (
    <Forgotten email={email.value} onBack={flip} />
  ) : (
    <Enter {...texts} email={email} isKnown={known !== ''} onForgotten={flip} />
  )
}

type EnterProps = Omit<Props, 'email'> & { email: { value: string }; isKnown: boolean; onForgotten(): void }

function Enter({ email, isKnown, title = t.title, lead, children, onForgotten }: EnterProps) {
  const password = useSignal('')
  const { isWorking, trouble, submit } = useSubmit(() => signIn(email.value, password.value))
  return (
    <AuthForm title={title} lead={lead} trouble={trouble.value} onSubmit={submit}>
      <Field name={t.email} type="email" autocomplete="username" value={email} isFirst={!isKnown} />
      <Field
        name={t.password}
        type="password"
        autocomplete="current-password"
        value={password}
        isFirst={isKnown}
      />
      <Submit name={isWorking.value ? t.working : t.submit} isWorking={isWorking.value} />
      <button type="button" class="button-link" onClick={onForgotten}>
        {t.forgotten}
      </button>
      {children}
    </AuthForm>
  )
}

function Forgotten({ email: given, onBack }: { email: string; onBack(): void }) {
  const email = useSignal(given)
  const isDone = useSignal(false)
  const { isWorking, trouble, submit } = useSubmit(async () => {
    await call('/auth/password/forgot', { method: 'POST', body: { email: email.value } })
    isDone.value = true
  })
  return (
    <AuthForm
      title={t.forgottenTitle}
      lead={isDone.value ? t.forgottenDone : t.forgottenLead}
      trouble={trouble.value}
      onSubmit={submit}
    >
      {!isDone.value && (
        <>
          <Field name={t.email} type="email" autocomplete="username" value={email} isFirst />
          <Submit name={t.forgottenSubmit} isWorking={isWorking.value} />
        </>
      )}
      <button type="button" class="button-link" onClick={onBack}>
        {t.toSignIn}
      </button>
    </AuthForm>
  )
}
