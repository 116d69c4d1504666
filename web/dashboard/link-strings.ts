/** The words of the pages that open from links in mails. */
export const linkStrings = {
  invitationTitle: 'Welcome',
  invitationLead: 'Set a password to join.',
  welcome: (name: string) => `Welcome, ${name}`,
  joinAccount: (account: string, email: string) =>
    `Set a password to join ${account}. You will sign in with ${email}.`,
  expiredTitle: 'This invitation is no longer valid',
  expired:
    'It was used, replaced or withdrawn, or it is older than 7 days. Ask an administrator for a new one.',
  joinTitle: 'Join with your existing sign-in',
  joinLead:
    'You already sign in here with this address, in another account. Enter your current password and choose a new one. This signs you out in all browsers.',
  currentPassword: 'Current password',
  wrongPassword: 'This is not your current password.',
  passwordTitle: 'Reset your password',
  passwordExpiredTitle: 'This link is no longer valid',
  passwordExpired: 'It was used or replaced, or it is too old. Request a new one where you sign in.',
  yourName: 'Your name (shown to customers and colleagues)',
  newPassword: 'New password',
  endTokens: 'Also end my access tokens',
  endTokensHint: 'Programs that use them are refused until you give them new ones.',
  rule: 'At least 8 characters.',
  submit: 'Set password',
  noToken: 'This link is incomplete. Open it again from the message you received.',
  done: 'Your password is set. You can now sign in.',
  emailTitle: 'Confirm your email address',
  emailLead: 'From now on you will sign in with the address to which this link was sent.',
  confirm: 'Confirm',
  emailDone: 'Your address is confirmed. You sign in with it from now on.',
  emailExpired: 'It was used or replaced, or it is too old. Change your address again in your profile.',
  emailTaken: 'Somebody else already signs in with this address. Nothing was changed.',
  toDashboard: 'Continue',
}
