import { useSignal } from '@preact/signals'
import type { Profile } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { profile } from '../data/session.ts'
import { AuthForm, Field, Submit, useSubmit } from '../parts/auth-form.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'

const t = strings.link
// The token gives access to an account: it must not stay in the address bar or the history.
const token = location.hash.slice(1)
if (token !== '' && /^\/(?:invitation|password)$/.test(location.pathname)) {
  history.replaceState(null, '', location.pathname)
}

/** The page of invitation and password reset links, on which people set a password. */
export function Link({ kind }: { kind: 'invitation' | 'password' }) {
  const name = useSignal('')
  const password = useSignal('')
  const isDone = useSignal(false)
  const isInvitation = kind === 'invitation'
  const { isWorking, trouble, submit } = useSubmit(async () => {
    if (isInvitation) {
      const named = name.value.trim() === '' ? {} : { name: name.value }
      const body = { token, password: password.value, ...named }
      profile.value = await call<Profile>('/auth/invitation', { method: 'POST', body })
      go('/', { replace: true })
    } else {
      await call('/auth/password/reset', { method: 'POST', body: { token, password: password.value } })
      isDone.value = true
      profile.value = null
    }
  })
  const title = isInvitation ? t.invitationTitle : t.passwordTitle
  if (token === '' || isDone.value) {
    return (
      <AuthForm title={title} lead={isDone.value ? t.done : t.noToken}>
        <a class="button" href="/">
          {strings.signIn.title}
        </a>
      </AuthForm>
    )
  }
  return (
    <AuthForm
      title={title}
      lead={isInvitation ? t.invitationLead : undefined}
      trouble={trouble.value}
      onSubmit={submit}
    >
      {isInvitation && (
        <Field name={t.yourName} type="text" autocomplete="name" value={name} isFirst isOptional />
      )}
      <Field
        name={t.newPassword}
        type="password"
        autocomplete="new-password"
        value={password}
        rule={t.rule}
        minLength={8}
        isFirst={!isInvitation}
      />
      <Submit name={t.submit} isWorking={isWorking.value} />
    </AuthForm>
  )
}
