import { useSignal } from '@preact/signals'
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

/** The sign-in page, and the form for a forgotten password. */
export function SignIn() {
  const isForgotten = useSignal(false)
  const email = useSignal(offeredEmail())
  const flip = () => {
    isForgotten.value = !isForgotten.value
  }
  return isForgotten.value ? (
    <Forgotten email={email.value} onBack={flip} />
  ) : (
    <Enter email={email} onForgotten={flip} />
  )
}

function Enter({ email, onForgotten }: { email: { value: string }; onForgotten(): void }) {
  const password = useSignal('')
  const { isWorking, trouble, submit } = useSubmit(() => signIn(email.value, password.value))
  return (
    <AuthForm title={t.title} trouble={trouble.value} onSubmit={submit}>
      <Field name={t.email} type="email" autocomplete="username" value={email} isFirst={!offered} />
      <Field
        name={t.password}
        type="password"
        autocomplete="current-password"
        value={password}
        isFirst={Boolean(offered)}
      />
      <Submit name={isWorking.value ? t.working : t.submit} isWorking={isWorking.value} />
      <button type="button" class="button-link" onClick={onForgotten}>
        {t.forgotten}
      </button>
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
