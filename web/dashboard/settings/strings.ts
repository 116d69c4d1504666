import { accountWords } from './account-strings.ts'
import { firstWords } from './first-strings.ts'
import { webhookWords } from './webhook-strings.ts'

/*
 * All texts of the settings; ../strings.ts has the rest.
 */
export const words = {
  optional: '(optional)',
  save: 'Save',
  working: 'Please wait…',
  saved: 'Saved',
  copy: 'Copy',
  copied: 'Copied',
  copyWhat: (verb: string, what: string) => `${verb}: ${what}`,
  copyByHand: 'Your browser does not allow copying. The text is selected: press Ctrl+C or ⌘C.',
  never: 'never',

  nav: {
    you: 'You',
    pages: {
      profile: 'Profile',
      tokens: 'Access tokens',
      inboxes: 'Inboxes',
      agents: 'Agents',
      teams: 'Teams',
      labels: 'Labels',
      webhooks: 'Webhooks',
    },
    administratorsOnly: 'Only administrators can change this.',
  },

  profile: {
    lead: 'How customers and colleagues see you, and how you sign in.',
    aboutYou: 'About you',
    name: 'Name',
    nameHint: 'Customers see it above your replies.',
    email: 'Email address',
    emailHint: 'It is your login and cannot be changed.',
    availability: 'Availability',
    availabilities: {
      online: 'Online',
      busy: 'Busy',
      offline: 'Offline',
    },
    availabilityHints: {
      online: 'Conversations of your teams may come to you.',
      busy: 'You are here, but take nothing new.',
      offline: 'You are away.',
    },
    password: 'Password',
    passwordLead: 'A new password ends your sessions in all other browsers. Access tokens go on.',
    current: 'Current password',
    next: 'New password',
    nextHint: 'At least 8 characters.',
    change: 'Change the password',
  },

  tokens: {
    lead: 'A program shows one of these to act as you, with what you may do and no more than its scope.',
    none: 'You have no access tokens.',
    list: 'Your tokens',
    make: 'Make a token',
    makeTitle: 'A new token',
    name: 'Name',
    nameHint: 'So that you know later what it is for.',
    namePlaceholder: 'Order system',
    scopes: 'Scope',
    scope: { read: 'Read', write: 'Read and write', admin: 'Administer' },
    scopeHints: {
      read: 'Sees what you see.',
      write: 'Sends messages and changes conversations and contacts, too.',
      admin: 'Changes inboxes, agents, webhooks and the rest of the settings, too.',
    },
    end: 'Ends',
    ends: {
      0: 'Never',
      7: 'After 7 days',
      30: 'After 30 days',
      90: 'After 90 days',
      365: 'After a year',
    },
    endsAt: (when: string) => `ends ${when}`,
    endedAt: (when: string) => `ended ${when}`,
    endsNever: 'does not end',
    usedAt: (when: string) => `last used ${when}`,
    unused: 'not used yet',
    madeAt: (when: string) => `made ${when}`,
    secretTitle: (name: string) => `The token “${name}”`,
    secretLead: 'This is shown once: copy it now, and keep it where the program finds it.',
    secret: 'Token',
    put: 'I have copied it',
    revoke: 'Revoke',
    revokeOne: (name: string) => `Revoke ${name}`,
    revokeTitle: (name: string) => `Revoke “${name}”?`,
    revokeText: 'Programs that use this token are refused from now on. It cannot be brought back.',
  },

  ...accountWords,
  webhooks: webhookWords,
  first: firstWords,
}
