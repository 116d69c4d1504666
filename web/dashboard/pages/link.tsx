import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { CallError } from '../../shared/api.ts'
import type { InvitationDetails, Profile } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { chooseAccount, profile } from '../data/session.ts'
import { AuthForm, Checkbox, Field, Submit, useSubmit } from '../parts/auth-form.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'

const t = strings.link
// The token gives access to an account: it must not stay in the address bar or the history.
const token = location.hash.slice(1)
if (token !== '' && /^\/(?:invitation|password|email)$/.test(location.pathname)) {
  history.replaceState(null, '', location.pathname)
}

/** The page of a link: people set a password, or confirm their new address. */
export function Link({ kind }: { kind: 'invitation' | 'password' | 'email' }) {
  if (kind === 'invitation') return <Invitation />
  return kind === 'password' ? <NewPassword /> : <NewAddress />
}

/** Loads whom the invitation is for before its form is shown. */
function Invitation() {
  const invitation = useSignal<InvitationDetails | 'expired' | 'unknown' | undefined>(undefined)
  useEffect(() => {
    if (token === '') return
    call<InvitationDetails>('/auth/invitation/details', { method: 'POST', body: { token } }).then(
      (details) => {
        invitation.value = details
      },
      // Without the details the form still works.
      (error) => {
        invitation.value = error.code === 'invalid' ? 'expired' : 'unknown'
      },
    )
  }, [])
  const { value } = invitation
  if (token === '') return <ToSignIn title={t.invitationTitle} lead={t.noToken} />
  if (value === undefined) return null
  if (value === 'expired') return <ToSignIn title={t.expiredTitle} lead={t.expired} />
  return <AcceptInvitation details={value === 'unknown' ? undefined : value} />
}

function AcceptInvitation({ details }: { details: InvitationDetails | undefined }) {
  const name = useSignal(details?.name ?? '')
  const current = useSignal('')
  const password = useSignal('')
  /** Whether the address already signs in to another account: then the current password is needed, too. */
  const joins = useSignal(false)
  const { isWorking, trouble, submit } = useSubmit(async () => {
    const named = name.value.trim() === '' ? {} : { name: name.value }
    const known = joins.value ? { current_password: current.value } : {}
    const body = { token, password: password.value, ...named, ...known }
    try {
      profile.value = await call<Profile>('/auth/invitation', { method: 'POST', body })
    } catch (error) {
      const code = codeOfCurrentPassword(error)
      if (code === undefined) throw error
      if (code !== 'required') throw new Error(t.wrongPassword)
      joins.value = true
      return
    }
    // They may work in other accounts, too.
    const joined = profile.value.accounts.find(({ id }) => id === details?.account.id)
    if (joined) chooseAccount(joined.id)
    go('/', { replace: true })
  })
  const title = details ? t.welcome(details.name) : t.invitationTitle
  const lead = details ? t.joinAccount(details.account.name, details.email) : t.invitationLead
  return (
    <AuthForm
      title={joins.value ? t.joinTitle : title}
      lead={joins.value ? t.joinLead : lead}
      trouble={trouble.value}
      onSubmit={submit}
    >
      {joins.value ? (
        <Field
          key="current"
          name={t.currentPassword}
          type="password"
          autocomplete="current-password"
          value={current}
          isFirst
        />
      ) : (
        <Field
          key="name"
          name={t.yourName}
          type="text"
          autocomplete="name"
          value={name}
          isFirst={!details}
          isOptional
        />
      )}
      <Password value={password} isFirst={Boolean(details)} />
      <Submit name={t.submit} isWorking={isWorking.value} />
    </AuthForm>
  )
}

function codeOfCurrentPassword(error: unknown) {
  if (!(error instanceof CallError)) return undefined
  return error.fields.find(({ field }) => field === 'current_password')?.code
}

function NewPassword() {
  const password = useSignal('')
  const endTokens = useSignal(true)
  const isDone = useSignal(false)
  const hasExpired = useSignal(false)
  const { isWorking, trouble, submit } = useSubmit(async () => {
    const body = { token, password: password.value, end_tokens: endTokens.value }
    try {
      await call('/auth/password/reset', { method: 'POST', body })
    } catch (error) {
      hasExpired.value = error instanceof CallError && error.fields.some(({ field }) => field === 'token')
      if (hasExpired.value) return
      throw error
    }
    isDone.value = true
    profile.value = null
  })
  if (isDone.value) return <ToSignIn title={t.passwordTitle} lead={t.done} />
  if (token === '') return <ToSignIn title={t.passwordTitle} lead={t.noToken} />
  if (hasExpired.value) return <ToSignIn title={t.passwordExpiredTitle} lead={t.passwordExpired} />
  return (
    <AuthForm title={t.passwordTitle} trouble={trouble.value} onSubmit={submit}>
      <Password value={password} isFirst />
      <Checkbox name={t.endTokens} hint={t.endTokensHint} value={endTokens} />
      <Submit name={t.submit} isWorking={isWorking.value} />
    </AuthForm>
  )
}

// Only on a click: programs that check mails open their links, too.
function NewAddress() {
  const result = useSignal<'done' | 'expired' | 'taken' | undefined>(undefined)
  const { isWorking, trouble, submit } = useSubmit(async () => {
    try {
      await call('/auth/email', { method: 'POST', body: { token } })
      result.value = 'done'
    } catch (error) {
      const code = error instanceof CallError ? error.fields[0]?.code : undefined
      if (code !== 'expired' && code !== 'taken') throw error
      result.value = code
    }
  })
  if (token === '') return <ToSignIn title={t.emailTitle} lead={t.noToken} />
  if (result.value === 'done')
    return <ToSignIn title={t.emailTitle} lead={t.emailDone} action={t.toDashboard} />
  if (result.value === 'expired') return <ToSignIn title={t.passwordExpiredTitle} lead={t.emailExpired} />
  if (result.value === 'taken') return <ToSignIn title={t.emailTitle} lead={t.emailTaken} />
  return (
    <AuthForm title={t.emailTitle} lead={t.emailLead} trouble={trouble.value} onSubmit={submit}>
      <Submit name={t.confirm} isWorking={isWorking.value} />
    </AuthForm>
  )
}

function ToSignIn({
  title,
  lead,
  action = strings.signIn.title,
}: {
  title: string
  lead: string
  action?: string
}) {
  return (
    <AuthForm title={title} lead={lead}>
      <a class="button" href="/">
        {action}
      </a>
    </AuthForm>
  )
}

function Password({ value, isFirst = false }: { value: { value: string }; isFirst?: boolean }) {
  return (
    <Field
      name={t.newPassword}
      type="password"
      autocomplete="new-password"
      value={value}
      rule={t.rule}
      minLength={8}
      isFirst={isFirst}
    />
  )
}
