/** The texts of the forms to sign in. */
export const signInStrings = {
  title: 'Sign in',
  againTitle: 'Sign in again',
  againLead: 'Your session has ended. Sign in to continue: what you have written is still here.',
  discard: 'Sign out and discard what is not saved',
  email: 'Email address',
  password: 'Password',
  submit: 'Sign in',
  working: 'Signing in…',
  forgotten: 'Forgot your password?',
  forgottenTitle: 'Reset your password',
  forgottenLead:
    'Enter your email address to get a link for a new password. If this server does not send email, ask an administrator for a link.',
  forgottenSubmit: 'Send reset link',
  forgottenDone: 'If an account has this address and this server sends email, the link is on its way.',
  toSignIn: 'Back to sign in',
}
